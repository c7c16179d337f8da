package dev.tfgraphs.applications;

import com.google.common.hash.Hashing;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Pooling2D;
import dev.tfgraphs.ops.Rescaling;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.UpSampling2D;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.ops.ZeroPadding2D;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** A model in the lines in which conformance/makers/keras_resnets.py writes Keras's. */
final class KerasLines {
  private KerasLines() {}

  /** Each layer: name, class, shape, how many numbers, and its settings. */
  static List<String> layers(Model model) {
    return model.layers().stream().map(layer -> line(model, layer)).toList();
  }

  private static String line(Model model, Layer layer) {
    String name = model.nameOf(layer);
    Call call = lastCall(model, layer);
    long numbers = call.weights().stream().mapToLong(weight -> weight.shape().elements()).sum();
    List<Object> parts =
        List.of(
            name,
            layer.className(),
            tight(call.outputs().get(0).shape()),
            numbers,
            settings(layer));
    return String.join(" ", parts.stream().map(Object::toString).toList()).stripTrailing();
  }

  private static Call lastCall(Model model, Layer layer) {
    return model.calls().stream()
        .filter(call -> call.layer() == layer)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static String settings(Layer layer) {
    if (layer instanceof Conv2D conv) {
      return String.format(
          "kernel_size=%s strides=%s padding=%s use_bias=%s activation=%s",
          tight(conv.kernelSize()),
          tight(conv.strides()),
          lower(conv.padding()),
          python(conv.useBias()),
          lower(conv.activation()));
    }
    if (layer instanceof BatchNormalization norm) {
      return String.format(
          Locale.ROOT,
          "epsilon=%.4e momentum=%.4e axis=%d",
          norm.epsilon(),
          norm.momentum(),
          Math.floorMod(norm.axis(), 4));
    }
    if (layer instanceof Pooling2D pool) {
      return String.format(
          "strides=%s padding=%s pool_size=%s",
          tight(pool.strides()), lower(pool.padding()), tight(pool.poolSize()));
    }
    if (layer instanceof Dense dense) {
      return "use_bias=" + python(dense.useBias()) + " activation=" + lower(dense.activation());
    }
    if (layer instanceof Activation activation) {
      return "activation=" + lower(activation.function());
    }
    if (layer instanceof Rescaling rescaling) {
      return String.format(
          Locale.ROOT, "scale=%.4e offset=%.4e", rescaling.scale(), rescaling.offset());
    }
    if (layer instanceof Dropout dropout) {
      return String.format(Locale.ROOT, "rate=%.4e", dropout.rate());
    }
    if (layer instanceof Merge merge && merge.kind() == Merge.Kind.CONCATENATE) {
      return "axis=" + Math.floorMod(merge.axis(), 4);
    }
    if (layer instanceof UpSampling2D up) {
      return "size=" + tight(up.size()) + " interpolation=" + lower(up.interpolation());
    }
    return layer instanceof ZeroPadding2D padding ? "padding=" + tight(padding.padding()) : "";
  }

  /** Shapes and sizes without spaces. */
  private static String tight(Object sizes) {
    return sizes.toString().replace(" ", "").replace(",)", ")");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }

  private static String weight(Weight weight) {
    return String.join(
        " ", weight.path(), tight(weight.spec().shape()), python(weight.trainable()));
  }

  static String sha256(List<String> lines) {
    return Hashing.sha256().hashString(String.join("\n", lines), StandardCharsets.UTF_8).toString();
  }

  /** What the fixture has of each model. */
  static JsonObject facts(Model model) {
    JsonObject counts = new JsonObject();
    counts.addProperty("total", count(model, weight -> true));
    counts.addProperty("trainable", count(model, Weight::trainable));
    counts.addProperty("non_trainable", count(model, weight -> !weight.trainable()));
    JsonObject facts = new JsonObject();
    facts.addProperty("name", model.name().orElse("functional"));
    facts.add("counts", counts);
    facts.addProperty("layers", model.layers().size());
    facts.addProperty("weights", model.weights().size());
    facts.addProperty("layers_sha256", sha256(layers(model)));
    facts.addProperty(
        "weights_sha256", sha256(model.weights().stream().map(KerasLines::weight).toList()));
    return facts;
  }

  /** How many numbers train. */
  static long trained(Model model) {
    return count(model, Weight::trainable);
  }

  private static long count(Model model, Predicate<Weight> which) {
    return model.weights().stream()
        .filter(which)
        .map(weight -> weight.spec().shape())
        .mapToLong(Shape::elements)
        .sum();
  }
}

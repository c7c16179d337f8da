package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All kinds of layers with their settings, and what all of them write around these. */
final class LayerKinds {
  private static final ImmutableSet<String> POLICIES =
      ImmutableSet.of("float32", "mixed_bfloat16", "mixed_float16");

  /** What Keras 3, its first versions, Keras 2 and TensorFlow 2.1 call the class. */
  private static final ImmutableSet<String> POLICY_CLASSES =
      ImmutableSet.of("DTypePolicy", "FloatDTypePolicy", "Policy", "PolicyV1");

  private static final Form<String> POLICY = Form.of(LayerKinds::policy, LayerKinds::policy);

  /** What Keras writes of a layer that computes in float32. */
  static final Object FLOAT32 = policy("float32");

  static final Kinds<Layer> KINDS = Kinds.of("layer", "keras.layers", Layer::className, settings());

  /** Where Keras has its functions, of which nodes of models may be made without a layer. */
  static final String OPERATIONS = "keras.src.ops";

  private LayerKinds() {}

  private static ImmutableList<Settings<? extends Layer>> settings() {
    ImmutableList.Builder<Settings<? extends Layer>> all = ImmutableList.builder();
    all.addAll(
        List.of(
            Activation.SETTINGS,
            BatchNormalization.SETTINGS,
            CenterCrop.SETTINGS,
            Conv2D.SETTINGS,
            Conv2DTranspose.SETTINGS,
            Cropping2D.SETTINGS,
            Dense.SETTINGS,
            DepthwiseConv2D.SETTINGS,
            Dropout.SETTINGS,
            Flatten.SETTINGS,
            Flip.SETTINGS,
            GaussianNoise.SETTINGS,
            Input.SETTINGS,
            LeakyReLU.SETTINGS,
            Normalization.SETTINGS,
            Permute.SETTINGS,
            RandomBrightness.SETTINGS,
            RandomContrast.SETTINGS,
            RandomCrop.SETTINGS,
            RandomErasing.SETTINGS,
            RandomFlip.SETTINGS,
            RandomRotation.SETTINGS,
            RandomTranslation.SETTINGS,
            RandomZoom.SETTINGS,
            ReLU.SETTINGS,
            Rescaling.SETTINGS,
            Reshape.SETTINGS,
            Resizing.SETTINGS,
            Softmax.SETTINGS,
            SpatialDropout2D.SETTINGS,
            UpSampling2D.SETTINGS,
            ZeroPadding2D.SETTINGS));
    for (Merge.Kind kind : Merge.Kind.values()) {
      all.add(Merge.settings(kind));
    }
    for (Pooling2D.Kind kind : Pooling2D.Kind.values()) {
      all.add(Pooling2D.settings(kind));
      all.add(GlobalPooling2D.settings(kind));
    }
    return all.build();
  }

  /** The layer of a config, called in errors by its name; whether it trains is not its business. */
  static Layer read(Config config) {
    if (ModelReader.reads(config.className())) {
      return ModelReader.read(config);
    }
    Config placed = config.named("layer");
    if (config.className().equals("Lambda")) {
      throw placed.expected("no code of Python, which is never run", "a Lambda");
    }
    Optional<String> unusedPolicy = placed.find("dtype").map(POLICY::read);
    Optional<Boolean> unusedFlag = placed.find("trainable").map(ConfigValue::flag);
    boolean input = config.className().equals("InputLayer");
    Config own = placed.without("name", "trainable", "dtype");
    // Keras 2 says with the first layer of a sequential model, too, what enters it
    Layer layer = KINDS.of(input ? own : own.without("batch_input_shape"));
    return placed
        .find("name")
        .map(ConfigValue::text)
        .map(name -> named(layer, name, placed))
        .orElse(layer);
  }

  private static Layer named(Layer layer, String name, Config config) {
    try {
      return layer.name(name);
    } catch (ModelException e) {
      throw Settings.placed(e, config);
    }
  }

  /** What Keras writes of a layer, which holds neither whether it trains nor its types. */
  static Config config(Layer layer, Optional<String> name, boolean trainable) {
    layer.require(!(layer instanceof CustomLayer), "a layer that Keras has", "one of one's own");
    Config own = KINDS.config(layer);
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    name.ifPresent(given -> all.put("name", given));
    if (!isOperation(layer)) {
      // Keras keeps neither of these in a policy
      boolean plain = layer instanceof Input || layer instanceof SpatialDropout2D;
      if (!plain) {
        all.put("trainable", trainable);
      }
      all.put("dtype", plain ? "float32" : FLOAT32);
    }
    all.putAll(own.settings());
    return new Config(own.className(), Collections.unmodifiableMap(all), own.where());
  }

  /** Where Keras has the class of a layer. */
  static String module(Layer layer) {
    return isOperation(layer) ? OPERATIONS + ".numpy" : "keras.layers";
  }

  /** What Keras has among its functions, which neither train nor have a policy. */
  private static boolean isOperation(Layer layer) {
    return layer instanceof Flip;
  }

  /** The policies that keep float32 weights; what is computed in is chosen by who runs a model. */
  private static String policy(ConfigValue value) {
    if (value.isText()) {
      String name = value.text();
      if (!POLICIES.contains(name)) {
        throw value.expected("one of " + String.join(", ", POLICIES));
      }
      return name;
    }
    if (value.isNull()) {
      return "float32";
    }
    Config policy = value.object();
    if (!POLICY_CLASSES.contains(policy.className())) {
      throw value.expected("a DTypePolicy");
    }
    return policy(policy.get("name"));
  }

  private static Object policy(String name) {
    return Config.of("DTypePolicy", Map.of("name", name)).toObject("keras");
  }
}

package dev.tfgraphs.savedmodel;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Maps;
import com.google.common.collect.SetMultimap;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.SpatialDropout2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keras's dtype policies, which each layer has in its config, as the one precision that a model is
 * trained in here. Layers that are float32 in every precision may say so or not.
 */
final class DtypePolicies {
  private static final String CONFIG = "config";
  private static final String DTYPE = "dtype";

  /** How many layers a message names. */
  private static final int MOST_NAMES = 5;

  private final Set<Layer> free;

  private DtypePolicies(Model model) {
    this.free = Precision.alwaysFloat32(model);
  }

  /**
   * The precision of the layers of {@code model}.
   *
   * @param where how errors call the config
   * @param object Keras's config of the model
   * @throws ModelFileException if layers differ in theirs
   */
  static Precision read(String where, Map<String, @Nullable Object> object, Model model) {
    DtypePolicies policies = new DtypePolicies(model);
    SetMultimap<String, String> bound = LinkedHashMultimap.create();
    SetMultimap<String, String> all = LinkedHashMultimap.create();
    policies.collect(object, model, "", bound, all);
    Set<String> mixed =
        all.keySet().stream()
            .filter(policy -> !policy.equals(Precision.FLOAT32.policy()))
            .collect(Collectors.toSet());
    boolean one = mixed.isEmpty() || bound.isEmpty() || bound.keySet().equals(mixed);
    if (mixed.size() > 1 || !one) {
      SetMultimap<String, String> told = bound.keySet().size() > 1 ? bound : all;
      throw new ModelFileException(
          "%s: expected layers of one dtype policy, received %s; KerasModels.read and WeightFiles.read leave policies out"
              .formatted(where, told(told)));
    }
    return Arrays.stream(Precision.values())
        .filter(precision -> mixed.contains(precision.policy()))
        .findFirst()
        .orElse(Precision.FLOAT32);
  }

  private static String told(SetMultimap<String, String> policies) {
    return policies.asMap().entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + " in "
                    + each.getValue().stream()
                        .limit(MOST_NAMES)
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(", "))
                    + (each.getValue().size() > MOST_NAMES ? ", ..." : ""))
        .collect(Collectors.joining(" and "));
  }

  /** Notes layers by their policies: those that are bound to have one, and all. */
  private void collect(
      Map<?, ?> object,
      Model inside,
      String path,
      SetMultimap<String, String> bound,
      SetMultimap<String, String> all) {
    Map<String, Layer> named = named(inside);
    for (Map<?, ?> entry : entries(object)) {
      Map<?, ?> config = map(entry.get(CONFIG));
      String name = String.valueOf(config.get("name"));
      Layer layer = named.get(name);
      if (layer instanceof Model nested) {
        collect(entry, nested, path + name + "/", bound, all);
      } else if (config.get(DTYPE) != null && !isPlain(layer)) {
        String policy = policy(config.get(DTYPE));
        all.put(policy, path + name);
        if (layer != null && !free.contains(layer)) {
          bound.put(policy, path + name);
        }
      }
    }
  }

  /** Keras keeps no policy of these. */
  private static boolean isPlain(@Nullable Layer layer) {
    return layer instanceof Input || layer instanceof SpatialDropout2D;
  }

  private static String policy(@Nullable Object dtype) {
    return dtype instanceof Map<?, ?> object
        ? policy(map(object.get(CONFIG)).get("name"))
        : String.valueOf(dtype);
  }

  private static Map<String, Layer> named(Model model) {
    return Maps.uniqueIndex(model.layers(), model::nameOf);
  }

  private static List<Map<?, ?>> entries(Map<?, ?> model) {
    Object layers = map(model.get(CONFIG)).get("layers");
    List<Map<?, ?>> entries = new ArrayList<>();
    if (layers instanceof List<?> list) {
      list.forEach(each -> entries.add(map(each)));
    }
    return entries;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /** Keras's config of a model whose layers compute in another precision than float32. */
  static Map<String, @Nullable Object> written(Model model, Precision precision) {
    Map<String, @Nullable Object> object = model.toObject();
    return precision == Precision.FLOAT32
        ? object
        : new DtypePolicies(model).written(object, model, precision);
  }

  private Map<String, @Nullable Object> written(Map<?, ?> object, Model inside, Precision to) {
    Map<String, Layer> named = named(inside);
    List<@Nullable Object> layers = new ArrayList<>();
    for (Map<?, ?> entry : entries(object)) {
      Layer layer = named.get(String.valueOf(map(entry.get(CONFIG)).get("name")));
      boolean bound = layer != null && !free.contains(layer);
      layers.add(
          layer instanceof Model nested
              ? written(entry, nested, to)
              : bound ? with(entry, config -> setPolicy(config, to)) : entry);
    }
    return with(
        object,
        config -> {
          setPolicy(config, to);
          config.put("layers", layers);
        });
  }

  /** Another policy, where there is one. */
  private static void setPolicy(Map<String, @Nullable Object> config, Precision to) {
    if (config.get(DTYPE) instanceof Map<?, ?> policy) {
      Map<String, @Nullable Object> other = copy(policy);
      other.put(CONFIG, Map.of("name", to.policy()));
      config.put(DTYPE, other);
    }
  }

  private static Map<String, @Nullable Object> with(
      Map<?, ?> object, Consumer<Map<String, @Nullable Object>> change) {
    Map<String, @Nullable Object> config = copy(map(object.get(CONFIG)));
    change.accept(config);
    Map<String, @Nullable Object> all = copy(object);
    all.put(CONFIG, config);
    return all;
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> object) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}

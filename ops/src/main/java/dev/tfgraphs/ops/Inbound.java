package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a config says of one call of a layer: which results of which calls it takes, and whether it
 * always behaves as in training, or never. Keras 3 and Keras 2 write it in different words.
 */
record Inbound(ImmutableList<Place> inputs, Optional<Boolean> training) {
  private static final String TENSOR = "__keras_tensor__";

  /** A result: of which layer, of which of its calls, and which of the results of that. */
  record Place(String layer, int call, int result, ConfigValue said) {
    /** {@code ["conv1", 0, 0]}. */
    static Place read(ConfigValue value) {
      List<ConfigValue> parts = value.list();
      if (parts.size() < 3) {
        throw value.expected("a layer's name and two numbers");
      }
      return new Place(parts.get(0).text(), parts.get(1).integer(), parts.get(2).integer(), value);
    }

    Place in(int otherCall) {
      return new Place(layer, otherCall, result, said);
    }
  }

  /** Whether a call is written as Keras 2 writes it: {@code [["a", 0, 0, {}], ["b", 0, 0, {}]]}. */
  static boolean isOld(ConfigValue call) {
    return !(call.value() instanceof Map<?, ?> map) || !map.containsKey("args");
  }

  static Inbound read(ConfigValue call) {
    return isOld(call) ? old(call) : current(call);
  }

  private static Inbound old(ConfigValue call) {
    ImmutableList<ConfigValue> places = flat(call, Inbound::isPlace);
    Optional<Boolean> training = Optional.empty();
    for (ConfigValue place : places) {
      List<ConfigValue> parts = place.list();
      if (parts.size() > 3) {
        Optional<Boolean> other = training;
        training = training(parts.get(3)).or(() -> other);
      }
    }
    return new Inbound(places(places), training);
  }

  private static Inbound current(ConfigValue call) {
    // Keras 3 writes of a dropout training=false wherever nothing was said, and follows none of it:
    // what fit, evaluate and predict say of training takes its place
    Optional<Boolean> unused = training(call.entry("kwargs"));
    List<ConfigValue> arguments = call.entry("args").list();
    if (arguments.size() != 1) {
      throw call.entry("args").expected("one argument, the inputs");
    }
    ImmutableList.Builder<ConfigValue> places = ImmutableList.builder();
    for (ConfigValue tensor : flat(arguments.get(0), Inbound::isTensor)) {
      places.add(tensor.entry("config").entry("keras_history"));
    }
    return new Inbound(places(places.build()), Optional.empty());
  }

  private static ImmutableList<Place> places(List<ConfigValue> places) {
    return places.stream().map(Place::read).collect(ImmutableList.toImmutableList());
  }

  /** One value, or those of a list or of a map; the last in the order of its keys, as in Keras. */
  static ImmutableList<ConfigValue> flat(ConfigValue value, Predicate<ConfigValue> isOne) {
    if (isOne.test(value)) {
      return ImmutableList.of(value);
    }
    ImmutableList<ConfigValue> all =
        value.isList()
            ? value.list()
            : ImmutableList.copyOf(new TreeMap<>(value.entries()).values());
    for (ConfigValue one : all) {
      if (!isOne.test(one)) {
        throw one.expected("a result of a layer");
      }
    }
    return all;
  }

  static boolean isPlace(ConfigValue value) {
    return value.value() instanceof List<?> list
        && !list.isEmpty()
        && list.get(0) instanceof String;
  }

  private static boolean isTensor(ConfigValue value) {
    return value.value() instanceof Map<?, ?> map && TENSOR.equals(map.get("class_name"));
  }

  /** What is said of training; other arguments say nothing or are refused. */
  private static Optional<Boolean> training(ConfigValue arguments) {
    Optional<Boolean> training = Optional.empty();
    for (Map.Entry<String, ConfigValue> argument : arguments.entries().entrySet()) {
      ConfigValue value = argument.getValue();
      if (argument.getKey().equals("training") && !value.isNull()) {
        training = Optional.of(value.flag());
      } else if (!value.isNull()) {
        throw value.expected("null, as an argument of a call");
      }
    }
    return training;
  }
}

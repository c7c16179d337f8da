package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Inbound.Place;
import dev.tfgraphs.ops.ModelReader.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models whose layers say what they are called on. */
final class FunctionalReader {
  private final ModelReader reader;
  private final Config config;
  private final List<Row> rows;
  private final Map<String, Row> byKey = new LinkedHashMap<>();
  private boolean old;

  FunctionalReader(ModelReader reader, Config config, List<Row> rows) {
    this.reader = reader;
    this.config = config;
    this.rows = rows;
  }

  Model model() {
    config.get("layers").list().forEach(this::make);
    callAll();
    Model model = Model.of(nodes(config.get("input_layers")), nodes(config.get("output_layers")));
    Set<Layer> layers = Set.copyOf(model.layers());
    for (Row row : rows) {
      if (!layers.contains(row.layer)) {
        throw row.config.expected(
            "a layer that leads to an output of the model", "one that does not");
      }
    }
    return model;
  }

  private void make(ConfigValue value) {
    ModelReader.requireNoOperation(value);
    ConfigValue calls = value.entry("inbound_nodes");
    old |= calls.list().stream().anyMatch(Inbound::isOld);
    Row row =
        new Row(
            reader,
            value,
            calls.list().stream().map(Inbound::read).collect(ImmutableList.toImmutableList()));
    if (byKey.putIfAbsent(row.key, row) != null) {
      throw config.expected("a name of its own for every layer", "'" + row.key + "' twice");
    }
    rows.add(row);
    if (row.layer instanceof Input) {
      ImmutableList<Node> unused = row.call(List.of());
    }
  }

  /**
   * Calls all layers, each call behind those that it needs. A layer whose next call needs what is
   * not there waits for the layer that makes it: no order of the file makes this slow.
   */
  private void callAll() {
    Map<String, Collection<Row>> waiting = new HashMap<>();
    Deque<Row> ready = new ArrayDeque<>(rows);
    while (!ready.isEmpty()) {
      Row row = ready.remove();
      int before = row.results.size();
      Optional<Place> missing = callOn(row);
      missing.ifPresent(
          place -> waiting.computeIfAbsent(place.layer(), key -> new ArrayList<>()).add(row));
      if (row.results.size() > before) {
        ready.addAll(Optional.ofNullable(waiting.remove(row.key)).orElse(List.of()));
      }
    }
    requireAllCalled();
  }

  private void requireAllCalled() {
    for (Row row : rows) {
      if (calls(row) < row.calls.size()) {
        Place place = missing(row.calls.get(calls(row))).orElseThrow();
        throw row.config.expected(
            "inputs that are made before it",
            "'" + place.layer() + "', call " + place.call() + ", which is missing or in a circle");
      }
    }
  }

  private static int calls(Row row) {
    return row.layer instanceof Input ? row.calls.size() : row.results.size();
  }

  /** Makes the calls whose inputs are there, up to the first for which one is missing. */
  private Optional<Place> callOn(Row row) {
    while (calls(row) < row.calls.size()) {
      Inbound call = row.calls.get(calls(row));
      Optional<Place> missing = missing(call);
      if (missing.isPresent()) {
        return missing;
      }
      ImmutableList<Node> unused =
          row.call(call.inputs().stream().map(place -> node(numbered(place, old))).toList());
    }
    return Optional.empty();
  }

  private Optional<Place> missing(Inbound call) {
    return call.inputs().stream()
        .filter(place -> numbered(place, old).call() >= row(place).results.size())
        .findFirst();
  }

  /** In Keras 2, and there where outputs are named, the first call of a nested model is call 1. */
  private Place numbered(Place place, boolean shifted) {
    boolean model = row(place).layer instanceof Model;
    return model && shifted ? place.in(place.call() - 1) : place;
  }

  private Row row(Place place) {
    Row row = byKey.get(place.layer());
    if (row == null) {
      throw config.expected(
          "names of its layers",
          "'" + place.layer() + "'" + Near.hint(place.layer(), byKey.keySet()));
    }
    return row;
  }

  private ImmutableList<Node> nodes(ConfigValue places) {
    return Inbound.flat(places, Inbound::isPlace).stream()
        .map(Place::read)
        .map(place -> node(numbered(place, old || !sequential(place))))
        .collect(ImmutableList.toImmutableList());
  }

  private boolean sequential(Place place) {
    return row(place).layer.className().equals(ModelReader.SEQUENTIAL);
  }

  private Node node(Place place) {
    List<ImmutableList<Node>> calls = row(place).results;
    if (place.call() < 0
        || place.call() >= calls.size()
        || place.result() < 0
        || place.result() >= calls.get(place.call()).size()) {
      throw place.said().expected("a result that there is");
    }
    return calls.get(place.call()).get(place.result());
  }
}

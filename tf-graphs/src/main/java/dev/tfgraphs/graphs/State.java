package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TString;

/**
 * The ops that write every variable of a graph into a TensorFlow checkpoint and read it again:
 * weights, an optimizer's state, random states, counts.
 *
 * @param prefix where the files' common path is fed
 * @param variables the type and shape of each variable that is written, by its name
 * @param assignments how each of them is set alone, by its name
 * @param cleared the ops that set to zeros what is not written
 */
record State(
    Output<?> prefix,
    GraphOperation save,
    GraphOperation restore,
    ImmutableSortedMap<String, String> variables,
    ImmutableMap<String, Assignment> assignments,
    ImmutableList<GraphOperation> cleared) {
  /**
   * How a variable is set.
   *
   * @param value where its value is fed: what reading a checkpoint would give
   */
  record Assignment(Output<?> value, GraphOperation assign) {}

  /**
   * The ops for {@code resources}.
   *
   * @param scratch what is not written, and zeros after reading
   */
  static State of(Emitter e, List<Resource> resources, List<Resource> scratch) {
    Output<?> prefix =
        e.op("Placeholder", "prefix")
            .attr("dtype", DataType.DT_STRING)
            .attr("shape", org.tensorflow.ndarray.Shape.scalar())
            .out();
    Output<?> names = strings(e, resources.stream().map(Resource::name).toList());
    Output<?> whole = strings(e, Collections.nCopies(resources.size(), ""));
    GraphOperation save =
        e.op("SaveV2")
            .in(prefix, names, whole)
            .list(resources.stream().map(Resource::read).toList())
            .build();
    DataType[] types =
        resources.stream().map(resource -> resource.read().dataType()).toArray(DataType[]::new);
    GraphOperation read = e.op("RestoreV2").in(prefix, names, whole).attr("dtypes", types).build();
    ImmutableMap.Builder<String, Assignment> assignments = ImmutableMap.builder();
    List<GraphOperation> assigned = new ArrayList<>();
    for (int i = 0; i < resources.size(); i++) {
      Resource resource = resources.get(i);
      GraphOperation assign = resource.assign(e, read.output(i));
      assigned.add(assign);
      assignments.put(resource.name(), new Assignment(read.output(i), assign));
    }
    ImmutableList.Builder<GraphOperation> cleared = ImmutableList.builder();
    for (Resource resource : scratch) {
      cleared.add(resource.assign(e, e.op("ZerosLike").in(resource.read()).out()));
    }
    assigned.addAll(cleared.build());
    return new State(
        prefix,
        save,
        e.group("restore", assigned),
        variables(resources),
        assignments.buildOrThrow(),
        cleared.build());
  }

  /** Has {@code runner} give {@code resource} the value, which the caller closes afterwards. */
  void set(Session.Runner runner, Resource resource, Tensor value) {
    Assignment assignment =
        Objects.requireNonNull(assignments.get(resource.name()), resource.name());
    runner.feed(assignment.value(), value).addTarget(assignment.assign());
  }

  private static ImmutableSortedMap<String, String> variables(List<Resource> resources) {
    ImmutableSortedMap.Builder<String, String> kinds = ImmutableSortedMap.naturalOrder();
    for (Resource resource : resources) {
      Output<?> read = resource.read();
      kinds.put(resource.name(), read.dataType() + " " + Shapes.fromTensorFlow(read.shape()));
    }
    return kinds.buildOrThrow();
  }

  private static Output<?> strings(Emitter e, List<String> values) {
    try (TString tensor = TString.vectorOf(values.toArray(String[]::new))) {
      return e.constant(tensor);
    }
  }
}

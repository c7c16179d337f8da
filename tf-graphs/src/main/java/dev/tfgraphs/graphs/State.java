package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TString;

/**
 * The ops that write every variable of a graph into a TensorFlow checkpoint and read it again:
 * weights, an optimizer's state, random states, counts.
 *
 * @param prefix where the files' common path is fed
 * @param variables the type and shape of each variable that is written, by its name
 */
record State(
    Output<?> prefix,
    GraphOperation save,
    GraphOperation restore,
    ImmutableSortedMap<String, String> variables) {
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
    List<GraphOperation> assigned = new ArrayList<>();
    for (int i = 0; i < resources.size(); i++) {
      assigned.add(resources.get(i).assign(e, read.output(i)));
    }
    for (Resource resource : scratch) {
      assigned.add(resource.assign(e, e.op("ZerosLike").in(resource.read()).out()));
    }
    return new State(prefix, save, e.group("restore", assigned), variables(resources));
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

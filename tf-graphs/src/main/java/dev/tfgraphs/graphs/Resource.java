package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** A resource variable, its first assignment and a read of it. */
record Resource(String name, Output<?> handle, GraphOperation initializer, Output<?> read) {

  /**
   * A variable called {@code name} that starts as {@code first}, an op of an initializing emitter.
   */
  static Resource create(Emitter e, String name, Shape shape, Output<?> first) {
    DataType type = first.dataType();
    Emitter.Op made = e.initializing().op("VarHandleOp", name);
    Output<?> handle =
        made.attr("dtype", type)
            .attr("shape", Shapes.toTensorFlow(shape))
            .attr("shared_name", made.name())
            .out();
    GraphOperation assign =
        e.initializing()
            .op("AssignVariableOp", name + "/Assign")
            .in(handle, first)
            .attr("dtype", type)
            .build();
    Resource resource = new Resource(made.name(), handle, assign, read(e, name, handle, type));
    e.resources().add(resource);
    return resource;
  }

  /** A variable of zeros. */
  static Resource zeros(Emitter e, String name, Shape shape) {
    Emitter init = e.under(name).initializing();
    return create(e, name, shape, InitialValues.filled(init, shape, 0));
  }

  private static Output<?> read(Emitter e, String name, Output<?> handle, DataType type) {
    return e.op("ReadVariableOp", name + "/Read").in(handle).attr("dtype", type).out();
  }

  /** Another read, which sees what the ops before {@code e} have written. */
  Output<?> readAgain(Emitter e) {
    return e.op("ReadVariableOp").in(handle).attr("dtype", read.dataType()).out();
  }

  /** The op that sets this variable to {@code value}. */
  GraphOperation assign(Emitter e, Output<?> value) {
    return e.op("AssignVariableOp").in(handle, value).attr("dtype", value.dataType()).build();
  }

  /** The op that adds {@code value} to this variable. */
  GraphOperation increase(Emitter e, Output<?> value) {
    return e.op("AssignAddVariableOp").in(handle, value).attr("dtype", value.dataType()).build();
  }

  /** The op that takes {@code value} away from this variable. */
  GraphOperation decrease(Emitter e, Output<?> value) {
    return e.op("AssignSubVariableOp").in(handle, value).attr("dtype", value.dataType()).build();
  }
}

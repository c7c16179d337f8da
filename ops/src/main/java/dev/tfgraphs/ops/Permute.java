package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Axes behind the batch in another order: size {@code i} of the result is size {@code dims(i)} of
 * the input. Keras's source: layers/reshaping/permute.py.
 */
public final class Permute extends Layer {
  static final Settings<Permute> SETTINGS =
      Settings.<Permute>of(
          "Permute",
          its ->
              new Permute(
                  Ints.toArray(its.required("dims", Form.list(Form.INTEGER), Permute::dims))));

  private final ImmutableList<Integer> dims;

  Permute(int... dims) {
    this.dims = ImmutableList.copyOf(Ints.asList(dims));
    int[] wanted = IntStream.rangeClosed(1, dims.length).toArray();
    require(
        Arrays.equals(IntStream.of(dims).sorted().toArray(), wanted),
        "each axis from 1 to " + dims.length + " once",
        dims);
  }

  /**
   * {@return which axis of the input comes where, counted from 1 because the batch, axis 0, stays}
   */
  public ImmutableList<Integer> dims() {
    return dims;
  }

  @Override
  public Permute name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(in.rank() == dims.size() + 1, "an input of rank " + (dims.size() + 1), in);
    Shape out = in;
    for (int i = 0; i < dims.size(); i++) {
      out = out.with(i + 1, in.size(dims.get(i)));
    }
    return out;
  }
}

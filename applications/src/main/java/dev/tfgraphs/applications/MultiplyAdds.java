package dev.tfgraphs.applications;

import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;

/** What a network costs: the multiplications, each with an addition, of its kernels. */
public final class MultiplyAdds {
  private MultiplyAdds() {}

  /**
   * {@return how many multiplications and additions convolutions and dense layers make of one
   * sample, as papers and torchvision count them; biases, normalizations, activations and pools are
   * left out}
   *
   * @throws ModelException if a height or width that a kernel goes over is unknown
   */
  public static long of(Model model) {
    return model.calls().stream().mapToLong(MultiplyAdds::of).sum();
  }

  private static long of(Call call) {
    if (call.layer() instanceof Model part) {
      return of(part);
    }
    return call.weights().stream()
        .filter(weight -> weight.name().equals("kernel"))
        .mapToLong(kernel -> kernel.shape().elements() * places(call))
        .sum();
  }

  /** How often a kernel is used: for each place of what it makes, or of what it spreads. */
  private static long places(Call call) {
    Node over =
        call.layer() instanceof Conv2DTranspose ? call.inputs().get(0) : call.outputs().get(0);
    long places = 1;
    for (int axis = 1; axis < over.shape().rank() - 1; axis++) {
      int size = over.shape().size(axis);
      if (size == Shape.UNKNOWN) {
        throw new ModelException(
            "MultiplyAdds: expected known sizes, received " + over.shape() + " at " + call.layer());
      }
      places *= size;
    }
    return places;
  }
}

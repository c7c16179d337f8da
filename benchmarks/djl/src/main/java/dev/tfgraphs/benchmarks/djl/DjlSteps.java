package dev.tfgraphs.benchmarks.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.tfgraphs.examples.benchmark.Steps;
import dev.tfgraphs.examples.benchmark.Workload;
import java.util.Random;

/** Steps of DJL's own ResNet50 on one batch, which lies ready. */
final class DjlSteps implements Steps {
  private static final float RATE = 1e-3f;
  private static final int COLOURS = 3;
  private static final int LAYERS = 50;

  private final boolean training;
  private final Model model;
  private final Trainer trainer;
  private final NDList images;
  private final NDList labels;

  DjlSteps(Workload workload) {
    this.training = workload.kind() == Workload.Kind.TRAIN;
    int size = workload.size();
    this.model = Model.newInstance("resnet50", Device.cpu());
    model.setBlock(
        ResNetV1.builder()
            .setImageShape(new Shape(COLOURS, size, size))
            .setNumLayers(LAYERS)
            .setOutSize(workload.classes())
            .build());
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optInitializer(new XavierInitializer(), "weight")
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(RATE)).build())
                .optDevices(new Device[] {Device.cpu()}));
    Shape batch = new Shape(workload.batch(), COLOURS, size, size);
    trainer.initialize(batch);
    NDManager manager = trainer.getManager();
    this.images = new NDList(manager.randomUniform(0, 1, batch));
    int[] classes = new Random(0).ints(workload.batch(), 0, workload.classes()).toArray();
    this.labels = new NDList(manager.create(classes));
  }

  @Override
  public Runnable ready(int steps) {
    return () -> {
      for (int step = 0; step < steps; step++) {
        if (training) {
          train();
        } else {
          infer();
        }
      }
    };
  }

  private void train() {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      scope.tempAttachAll(images, labels);
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(images, labels));
        collector.backward(loss);
      }
      trainer.step();
    }
  }

  /** To the end of what the engine may do behind one's back. */
  private void infer() {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      scope.tempAttachAll(images);
      trainer.evaluate(images).singletonOrThrow().softmax(1).toFloatArray();
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}

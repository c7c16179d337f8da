package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;

/**
 * Finds weights among the tensors of a checkpoint. One of objects ({@code tf.train.Checkpoint}, a
 * SavedModel of TensorFlow 2) says of each variable what it is called; in one of names ({@code
 * tf.compat.v1.train.Saver}, our own) the tensor is called as the variable.
 */
record CheckpointMatching(CheckpointFiles files, WeightNames names, WeightPlan plan) {
  private static final String OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH";
  private static final int MAX_OBJECTS = 1 << 26;

  /** Under this {@code model.export} of Keras 3 writes every variable a second time. */
  private static final String SECOND = "_all_variables/";

  /** Tensors that are of the training and no weights. */
  private static final Pattern TRAINING =
      Pattern.compile(
          "(.*/)?(_?optimizer|keras_api)/.*"
              + "|.*/\\.OPTIMIZER_SLOT/.*"
              + "|(.*/)?save_counter/\\.ATTRIBUTES/VARIABLE_VALUE"
              + "|global_step|beta[12]_power(_\\d+)?");

  /** What the optimizers of TensorFlow 1 keep beside a weight, {@code conv1/kernel/Momentum}. */
  private static final Pattern SLOT =
      Pattern.compile("(.+)/(Momentum|Adagrad|(Adam|RMSProp|Adadelta|Ftrl)(_1)?)");

  /** What Keras's random layers draw from. */
  private static final Pattern RANDOM_STATE = Pattern.compile("(.*/)?seed_generator_state");

  /** Gives the plan what there is for each weight, and what there is besides. */
  void match() throws IOException {
    ImmutableMap<String, String> called = variableNames();
    ListMultimap<String, String> tensors = LinkedListMultimap.create();
    for (String tensor : files.names()) {
      String name = called.getOrDefault(tensor, tensor);
      Optional<String> path = names.path(name);
      if (path.isPresent()) {
        tensors.put(path.get(), tensor);
      } else if (!isNoWeight(tensor, name)) {
        noteUnused(tensor);
      }
    }
    for (Map.Entry<String, Collection<String>> weight : tensors.asMap().entrySet()) {
      for (String tensor : withoutSecond(weight.getValue())) {
        put(weight.getKey(), tensor);
      }
    }
  }

  private void noteUnused(String tensor) throws IOException {
    files
        .tensor(tensor)
        .ifPresentOrElse(
            plan::unused, () -> plan.problem("unused " + tensor + " " + files.type(tensor)));
  }

  private void put(String path, String tensor) throws IOException {
    files
        .tensor(tensor)
        .ifPresentOrElse(
            stored -> plan.put(path, stored),
            () -> plan.problem(path + ": expected numbers, received " + files.type(tensor)));
  }

  private static List<String> withoutSecond(Collection<String> tensors) {
    ImmutableList<String> first =
        tensors.stream()
            .filter(tensor -> !tensor.startsWith(SECOND))
            .collect(ImmutableList.toImmutableList());
    return first.isEmpty() ? ImmutableList.copyOf(tensors) : first;
  }

  private boolean isNoWeight(String tensor, String name) {
    Matcher slot = SLOT.matcher(tensor);
    return tensor.equals(OBJECTS)
        || TRAINING.matcher(tensor).matches()
        || RANDOM_STATE.matcher(name).matches()
        || (slot.matches() && names.path(slot.group(1)).isPresent());
  }

  /** What variables are called, by the names of their tensors; empty in a checkpoint of names. */
  private ImmutableMap<String, String> variableNames() throws IOException {
    if (!files.names().contains(OBJECTS)) {
      return ImmutableMap.of();
    }
    Map<String, String> called = new HashMap<>();
    for (var node : objects().getNodesList()) {
      for (var attribute : node.getAttributesList()) {
        if (!attribute.getFullName().isEmpty()) {
          called.put(attribute.getCheckpointKey(), attribute.getFullName());
        }
      }
    }
    return ImmutableMap.copyOf(called);
  }

  private TrackableObjectGraph objects() throws IOException {
    try {
      return TrackableObjectGraph.parseFrom(files.text(OBJECTS, MAX_OBJECTS));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("tensor '" + OBJECTS + "': expected objects, received other bytes", e);
    }
  }
}

package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.List;
import java.util.Optional;

/** A SavedModel, which this closes. */
record ServedModel(LoadedModel loaded) implements ModelFile {
  @Override
  public ImmutableList<SignatureTensor> inputs() {
    return loaded.inputs();
  }

  @Override
  public ImmutableList<SignatureTensor> outputs() {
    return loaded.outputs();
  }

  @Override
  public ImmutableList<String> classNames() {
    return loaded.classNames();
  }

  @Override
  public boolean isTrained() {
    return TrainMark.isIn(loaded.folder());
  }

  @Override
  public Optional<String> note() {
    return Optional.empty();
  }

  @Override
  public ImmutableList<HostTensor> predict(List<HostTensor> batch) {
    ImmutableMap.Builder<String, HostTensor> byName = ImmutableMap.builder();
    for (int i = 0; i < batch.size(); i++) {
      byName.put(inputs().get(i).name(), batch.get(i));
    }
    return loaded.predict(byName.buildOrThrow()).values().asList();
  }

  @Override
  public void close() {
    loaded.close();
  }
}

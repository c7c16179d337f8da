package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights in the format of safetensors (https://github.com/huggingface/safetensors). Tensors called
 * {@code conv1_conv/kernel} are weights of that path, with the axes that Keras gives them; those of
 * names without a {@code /} are PyTorch's ({@link TorchNames}).
 */
final class SafeTensors implements WeightFormat {
  private static final String KIND = "safetensors";
  private static final String ENDING = ".safetensors";

  @Override
  public ImmutableList<String> endings() {
    return ImmutableList.of(ENDING);
  }

  @Override
  public boolean isIn(Path file, byte[] head) {
    return begins(head) || file.toString().endsWith(ENDING);
  }

  /** Eight bytes that say a length, of which JSON is. */
  private static boolean begins(byte[] head) {
    if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0 && length <= SafeTensorsHeader.MAX_LENGTH;
  }

  @Override
  public FileKind kind(Path file) {
    return FileKind.SAFETENSORS;
  }

  @Override
  public Weights read(Path file, Model model, ReadOptions options) {
    try (RandomBytes bytes = RandomBytes.open(file)) {
      WeightPlan plan = new WeightPlan(file, KIND, model, options);
      WeightNames names = WeightNames.of(model, plan::renamed);
      List<StoredTensor> ofTorch = new ArrayList<>();
      SafeTensorsHeader header = SafeTensorsHeader.read(bytes);
      for (SafeTensorsHeader.Entry entry : header.entries()) {
        StoredTensor tensor = header.tensor(bytes, entry);
        if (tensor.name().indexOf('/') < 0) {
          ofTorch.add(tensor);
        } else {
          names
              .path(tensor.name())
              .ifPresentOrElse(path -> plan.put(path, tensor), () -> plan.unused(tensor));
        }
      }
      TorchNames.match(model, ofTorch, plan);
      return plan.read();
    } catch (IOException e) {
      throw ModelFileException.ofWeights(file, KIND, ModelFileException.reason(e), e);
    }
  }

  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    return ImmutableList.of(
        new NewFile(target.getFileName().toString(), fresh -> write(fresh, weights)));
  }

  /** Writes weights under their paths: the bytes that {@code save_file} of Python makes of them. */
  static void write(Path file, Weights weights) throws IOException {
    List<SafeTensorsHeader.Entry> entries = new ArrayList<>();
    List<StoredTensor> tensors = new ArrayList<>();
    long end = 0;
    for (String name : ImmutableSortedSet.copyOf(weights.tensors().keySet())) {
      StoredTensor tensor = StoredTensor.of(name, weights.get(name));
      long begin = end;
      end += tensor.shape().elements() * tensor.type().size();
      entries.add(new SafeTensorsHeader.Entry(name, tensor.type(), tensor.shape(), begin, end));
      tensors.add(tensor);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      FileChannels.writeFully(channel, SafeTensorsHeader.of(entries).bytes());
      for (StoredTensor tensor : tensors) {
        tensor.chunks(chunk -> FileChannels.writeFully(channel, chunk));
      }
    }
  }
}

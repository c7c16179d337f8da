package dev.tfgraphs.graphs;

import com.google.protobuf.ByteString;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** What TensorBoard shows, as {@code tf.summary} writes it (tensorboard/plugins). */
final class Summaries {
  private static final int BUCKETS = 30;
  private static final int IMAGES = 3;

  private Summaries() {}

  static Event scalar(String tag, double value, long step) {
    return event(tag, "scalars", tensor(DataType.DT_FLOAT).addFloatVal((float) value), step);
  }

  /** How many values are in each of 30 equal ranges between the least and the greatest. */
  static Event histogram(String tag, float[] values, long step) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    double width = (max - min) / BUCKETS;
    double[] counts = new double[BUCKETS];
    for (float value : values) {
      // of one value repeated, all are in the last
      counts[width > 0 ? Math.min((int) ((value - min) / width), BUCKETS - 1) : BUCKETS - 1]++;
    }
    TensorProto.Builder tensor = tensor(DataType.DT_DOUBLE, BUCKETS, 3);
    for (int i = 0; i < BUCKETS; i++) {
      tensor.addDoubleVal(width > 0 ? min + i * width : max);
      tensor.addDoubleVal(width > 0 && i < BUCKETS - 1 ? min + (i + 1) * width : max);
      tensor.addDoubleVal(counts[i]);
    }
    return event(tag, "histograms", tensor, step);
  }

  /**
   * The first three pictures.
   *
   * @param images {@code (count, height, width, channels)}, from 0 to 1, with 1, 3 or 4 channels
   */
  static Event images(String tag, HostTensor images, long step) {
    int height = images.shape().size(1);
    int width = images.shape().size(2);
    int channels = images.shape().size(3);
    int count = Math.min(images.shape().size(0), IMAGES);
    TensorProto.Builder tensor = tensor(DataType.DT_STRING, 2 + count);
    tensor.addStringVal(ByteString.copyFromUtf8(Integer.toString(width)));
    tensor.addStringVal(ByteString.copyFromUtf8(Integer.toString(height)));
    int size = height * width * channels;
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[size];
      for (int j = 0; j < size; j++) {
        float value = images.values()[i * size + j] * 255.5f;
        pixels[j] = (byte) (int) Math.max(0, Math.min(255, value));
      }
      tensor.addStringVal(ByteString.copyFrom(Png.of(width, height, channels, pixels)));
    }
    return event(tag, "images", tensor, step);
  }

  /**
   * A picture that there is.
   *
   * @throws GraphException if {@code png} is no PNG
   */
  static Event image(String tag, byte[] png, long step) {
    Png.Size size = Png.size(png);
    TensorProto.Builder tensor = tensor(DataType.DT_STRING, 3);
    tensor.addStringVal(ByteString.copyFromUtf8(Integer.toString(size.width())));
    tensor.addStringVal(ByteString.copyFromUtf8(Integer.toString(size.height())));
    tensor.addStringVal(ByteString.copyFrom(png));
    return event(tag, "images", tensor, step);
  }

  /** A weight as pictures, if it can be one: without axes of 1, a row, a plane or planes. */
  static Optional<HostTensor> pictures(HostTensor weight) {
    int[] sizes = Arrays.stream(weight.shape().toArray()).filter(size -> size != 1).toArray();
    return switch (sizes.length) {
      case 1 -> Optional.of(new HostTensor(Shape.of(1, sizes[0], 1, 1), weight.values()));
      case 2 -> Optional.of(plane(sizes[0], sizes[1], weight.values()));
      case 3 -> Optional.of(planes(sizes[0], sizes[1], sizes[2], weight.values()));
      case 4 ->
          sizes[3] == 3 || sizes[3] == 4
              ? Optional.of(new HostTensor(Shape.of(sizes), weight.values()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static HostTensor plane(int rows, int columns, float[] values) {
    return rows > columns
        ? new HostTensor(Shape.of(1, columns, rows, 1), transposed(rows, columns, values))
        : new HostTensor(Shape.of(1, rows, columns, 1), values);
  }

  private static HostTensor planes(int height, int width, int channels, float[] values) {
    return new HostTensor(
        Shape.of(channels, height, width, 1), transposed(height * width, channels, values));
  }

  private static float[] transposed(int rows, int columns, float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = values[i * columns + j];
      }
    }
    return result;
  }

  private static TensorProto.Builder tensor(DataType type, int... sizes) {
    List<TensorShapeProto.Dim> dims = new ArrayList<>();
    for (int size : sizes) {
      dims.add(TensorShapeProto.Dim.newBuilder().setSize(size).build());
    }
    return TensorProto.newBuilder()
        .setDtype(type)
        .setTensorShape(TensorShapeProto.newBuilder().addAllDim(dims));
  }

  private static Event event(String tag, String plugin, TensorProto.Builder tensor, long step) {
    SummaryMetadata.PluginData data =
        SummaryMetadata.PluginData.newBuilder().setPluginName(plugin).build();
    Summary.Value value =
        Summary.Value.newBuilder()
            .setTag(tag)
            .setMetadata(SummaryMetadata.newBuilder().setPluginData(data))
            .setTensor(tensor)
            .build();
    return EventFile.event(step).setSummary(Summary.newBuilder().addValue(value)).build();
  }
}

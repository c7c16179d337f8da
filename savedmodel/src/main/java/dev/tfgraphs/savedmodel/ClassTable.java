package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.HashTable;
import org.tensorflow.op.core.InitializeTableFromTextFile;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The ops that call the values of an output by the names of classes.
 *
 * @param file where a loader feeds the path of the names
 * @param initializer what reads them, before anything else
 * @param outputs the names, and the values, the largest first
 */
record ClassTable(Output<?> file, Operation initializer, ImmutableMap<String, Output<?>> outputs) {

  private static final long NUMBER_OF_LINE = -1;
  private static final long WHOLE_LINE = -2;

  /** Adds the ops, for {@code values} shaped {@code (batch, classes)} or {@code (batch, 1)}. */
  @SuppressWarnings("unchecked") // what a model makes is float32
  static ClassTable into(Graph graph, Output<?> values, int classes) {
    Ops tf = Ops.create(graph).withSubScope("classes");
    Operand<TString> file = tf.constant(ClassNames.FILE);
    HashTable table =
        tf.hashTable(TInt64.class, TString.class, HashTable.sharedName("class_names"));
    Op reading =
        tf.initializeTableFromTextFile(
            table,
            file,
            NUMBER_OF_LINE,
            WHOLE_LINE,
            InitializeTableFromTextFile.vocabSize((long) classes));
    Operand<TFloat32> scores = scores(tf, (Output<TFloat32>) values);
    TopK<TFloat32, TInt32> sorted = tf.nn.topK(scores, tf.constant(classes), TInt32.class);
    Operand<TString> names =
        tf.lookupTableFind(table, tf.dtypes.cast(sorted.indices(), TInt64.class), tf.constant(""));
    // tables do not tell the shape of what is found in them
    Operand<TString> shaped = tf.reshape(names, tf.constant(new int[] {-1, classes}));
    return new ClassTable(
        file.asOutput(),
        reading.op(),
        ImmutableMap.of("classes", shaped.asOutput(), "scores", sorted.values()));
  }

  /** One value between 0 and 1 is that of the second class. */
  private static Operand<TFloat32> scores(Ops tf, Operand<TFloat32> values) {
    if (values.shape().get(1) != 1) {
      return values;
    }
    return tf.concat(List.of(tf.math.sub(tf.constant(1f), values), values), tf.constant(1));
  }
}

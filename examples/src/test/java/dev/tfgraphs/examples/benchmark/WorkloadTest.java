package dev.tfgraphs.examples.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the rows of the benchmarks are made of. */
class WorkloadTest {
  @Test
  void aRowSaysKindNetworkSizeBatchClassesAndPrecision() {
    Workload workload = Workload.of("fit-all/resnet50/224/8/1000/mixed_bfloat16");
    assertEquals(
        new Workload(Workload.Kind.FIT_ALL, "resnet50", 224, 8, 1000, Precision.MIXED_BFLOAT16),
        workload);
    assertEquals(25_636_712, workload.model().parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train-224|workload: expected KIND/NETWORK/SIZE/BATCH/CLASSES/PRECISION, received"
            + " train-224",
        "learn/resnet18/32/4/10/float32|workload: expected as its kind one of [train, predict,"
            + " infer, bare, fit, fit-all, folder, cached], received learn",
        "train/resnet18/32/0/10/float32|workload: expected as its batch a whole number of 1 or"
            + " more, received 0",
        "train/resnet18/32/4/10/bfloat16|workload: expected as its precision one of [float32,"
            + " mixed_bfloat16, mixed_float16], received bfloat16",
      })
  void aRowThatThereIsNotIsRefusedByItsPart(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Workload.of(text)).getMessage());
  }

  @Test
  void imagesOfAFolderAreThoseOfMemory() {
    try (Batches files = batches("folder");
        Batches cached = batches("cached")) {
      for (int pass = 0; pass < 2; pass++) {
        files.begin(pass);
        cached.begin(pass);
        try (Batch one = files.next().orElseThrow();
            Batch other = cached.next().orElseThrow()) {
          assertEquals(4, one.size());
          assertEquals(one.inputs().get(0), other.inputs().get(0));
          assertEquals(one.targets().get(0), other.targets().get(0));
        }
      }
    }
  }

  private static Batches batches(String kind) {
    Workload workload = Workload.of(kind + "/resnet18/32/4/3/float32");
    return workload.data(1).open(workload.batch(), false, 0);
  }
}

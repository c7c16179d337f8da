package dev.tfgraphs.graphs;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;

/** The devices of this machine, and sessions on them. */
public final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
  private static final AtomicBoolean TOLD = new AtomicBoolean();
  private static final Supplier<ImmutableList<String>> ALL = Suppliers.memoize(Devices::list);

  private Devices() {}

  /**
   * {@return the types of the devices that TensorFlow can use, {@code CPU} and perhaps {@code GPU},
   * once for each device}
   */
  public static ImmutableList<String> types() {
    return ALL.get();
  }

  /** {@return whether what runs on {@code device} runs on a GPU of this machine} */
  public static boolean isGpu(Device device) {
    return device != Device.CPU && types().contains("GPU");
  }

  /** A session on {@code device}; the caller closes it, before the graph. */
  static Session session(Graph graph, Device device) {
    return session(graph, device, false);
  }

  /** The same with XLA, which TensorFlow then uses on GPUs. */
  static Session session(Graph graph, Device device, boolean jitCompile) {
    boolean gpu = isGpu(device);
    if (device == Device.GPU && !gpu) {
      throw new GraphException(
          "device: expected a GPU, received a machine on which TensorFlow finds none; './tfgraphs"
              + " doctor' says why");
    }
    if (!TOLD.getAndSet(true)) {
      LOG.info("running on {}", gpu ? "GPU" : "CPU");
    }
    return new Session(graph, config(gpu, jitCompile));
  }

  static ConfigProto config(boolean gpu, boolean jitCompile) {
    // level 0 leaves out an older optimizer that computes initial weights while it plans and keeps
    // a copy of them for good;
    // the newer one, which fuses ops, stays on
    OptimizerOptions.Builder old =
        OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0);
    if (jitCompile) {
      old.setGlobalJitLevel(OptimizerOptions.GlobalJitLevel.ON_1);
    }
    // soft placement lets ops without a GPU kernel run on the CPU; growth leaves the rest of the
    // GPU's memory to others
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setAllowSoftPlacement(true)
            .setGraphOptions(GraphOptions.newBuilder().setOptimizerOptions(old))
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    if (!gpu) {
      config.putDeviceCount("GPU", 0);
    }
    return config.build();
  }

  private static ImmutableList<String> list() {
    PointerScope scope = new PointerScope();
    try {
      TF_Status status = TF_Status.newStatus();
      TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), growing(status), status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = tensorflow.TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      ImmutableList.Builder<String> types = ImmutableList.builder();
      for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
        types.add(tensorflow.TF_DeviceListType(devices, i, status).getString());
      }
      tensorflow.TF_DeleteDeviceList(devices);
      return types.build();
    } finally {
      scope.close();
    }
  }

  /** Without growth the look-up would take all of a GPU's memory. */
  private static TF_SessionOptions growing(TF_Status status) {
    TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
    byte[] config =
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .build()
            .toByteArray();
    tensorflow.TF_SetConfig(options, new BytePointer(config), config.length, status);
    status.throwExceptionIfNotOK();
    return options;
  }
}

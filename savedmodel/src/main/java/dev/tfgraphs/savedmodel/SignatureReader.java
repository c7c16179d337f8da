package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/** Reads how a SavedModel is called, and skips its graph, which may hold all weights. */
final class SignatureReader {
  private static final ImmutableSet<Integer> KEPT =
      ImmutableSet.of(
          MetaGraphDef.META_INFO_DEF_FIELD_NUMBER, MetaGraphDef.SIGNATURE_DEF_FIELD_NUMBER);

  private SignatureReader() {}

  /** The signatures for the tag {@code serve} in a version folder. */
  static ImmutableList<Signature> read(Path folder) throws IOException {
    try (InputStream file =
        new BufferedInputStream(Files.newInputStream(folder.resolve("saved_model.pb")))) {
      CodedInputStream input = CodedInputStream.newInstance(file);
      input.setSizeLimit(Integer.MAX_VALUE);
      List<Signature> signatures = new ArrayList<>();
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == SavedModel.META_GRAPHS_FIELD_NUMBER) {
          MetaGraphDef head = head(input);
          if (head.getMetaInfoDef().getTagsList().contains(MetaGraph.TAG)) {
            head.getSignatureDefMap().forEach((name, each) -> add(name, each, signatures));
          }
        } else {
          input.skipField(tag);
        }
      }
      return signatures.stream()
          .sorted(Comparator.comparing(Signature::name))
          .collect(ImmutableList.toImmutableList());
    } catch (InvalidProtocolBufferException e) {
      throw new ModelFileException(
          "SavedModel " + folder + ": saved_model.pb is cut off or damaged", e);
    } catch (ModelFileException e) {
      throw new ModelFileException("SavedModel " + folder + ": " + e.getMessage(), e);
    }
  }

  /** What comes with a graph, without the graph. */
  private static MetaGraphDef head(CodedInputStream input) throws IOException {
    int limit = input.pushLimit(input.readRawVarint32());
    ByteString.Output kept = ByteString.newOutput();
    CodedOutputStream output = CodedOutputStream.newInstance(kept);
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (KEPT.contains(field)) {
        output.writeBytes(field, input.readBytes());
      } else {
        input.skipField(tag);
      }
    }
    input.popLimit(limit);
    output.flush();
    return MetaGraphDef.parseFrom(kept.toByteString());
  }

  private static void add(String name, SignatureDef definition, List<Signature> signatures) {
    if (!name.startsWith(MetaGraph.FOR_LOADER)) {
      signatures.add(SignatureCall.signature(name, definition));
    }
  }
}

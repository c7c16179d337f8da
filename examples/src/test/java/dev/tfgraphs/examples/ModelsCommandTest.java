package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.applications.MultiplyAdds;
import dev.tfgraphs.applications.NamedNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsCommandTest {

  @Test
  void aLineSaysWhatANetworkIsForAndWhatItCosts() {
    List<String> lines = Cli.run("models").succeeded().out().lines().toList();
    assertEquals(1 + NamedNetwork.all().size(), lines.size());
    assertEquals(
        "name                   images         parameters mult-add  s"
            + "ource                    published weights",
        lines.get(0));
    assertTrue(
        lines.contains(
            "torch_resnet50         224 x 224 x 3  25,610,152   4.09 G  t"
                + "orchvision               resnet50-0676ba61.pth"),
        lines.toString());
  }

  @Test
  void programsGetJson() {
    String out = Cli.run("models", "--json").succeeded().out();
    JsonArray models = JsonParser.parseString(out).getAsJsonObject().getAsJsonArray("models");
    assertEquals(NamedNetwork.all().size(), models.size());
    JsonObject first = models.get(0).getAsJsonObject();
    long multiplyAdds = first.remove("multiply_adds").getAsLong();
    assertEquals(MultiplyAdds.of(KerasResNet.RESNET50.model()), multiplyAdds);
    assertEquals(
        JsonParser.parseString(
            "{'name':'resnet50','input_shape':[224,224,3],'parameters':25636712,"
                + "'source':'Keras','weights':'resnet50_weights_tf_dim_ordering_tf_kernels.h5'}"),
        first);
  }
}

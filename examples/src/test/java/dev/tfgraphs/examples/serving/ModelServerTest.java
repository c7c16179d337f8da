package dev.tfgraphs.examples.serving;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests over HTTP, answered as TensorFlow Serving answers them. */
class ModelServerTest {
  private static final Limits LIMITS = new Limits(10_000, 256, 8, Duration.ofMillis(5));
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path folder;
  private static List<LoadedModel> models = List.of();
  private static List<ModelServer> servers = List.of();

  @BeforeAll
  static void start() throws IOException {
    models =
        List.of(load("sums", sums(), SUMS), load("two", two(), Weights.of(Map.of())), images());
    servers = new ArrayList<>();
    for (LoadedModel model : models) {
      servers.add(ModelServer.start(model, "m", 1, 0, LIMITS));
    }
  }

  @AfterAll
  static void stop() {
    servers.forEach(ModelServer::close);
    models.forEach(LoadedModel::close);
  }

  private static final Weights SUMS =
      Weights.of(
          Map.of(
              "y/kernel", new HostTensor(Shape.of(3, 2), new float[] {1, 0, 0, 1, 1, 1}),
              "y/bias", new HostTensor(Shape.of(2), new float[] {0, 0.5f})));

  private static Model sums() {
    Node x = input("x", 3);
    return Model.of(x, x.to(dense(2).name("y")));
  }

  private static Model two() {
    Node a = input("a", 2);
    Node b = input("b", 2);
    return Model.of(List.of(a, b), List.of(add(a, b), b));
  }

  private static LoadedModel load(String name, Model model, Weights weights) {
    return SavedModels.load(SavedModels.write(folder.resolve(name), model, weights));
  }

  private static LoadedModel images() {
    Node image = input("image", 4, 4, 3);
    Model model =
        Model.of(
            image, image.to(globalAveragePooling2D()).to(dense(2).activation(SOFTMAX).name("p")));
    Weights weights =
        Weights.of(
            Map.of(
                "p/kernel",
                new HostTensor(Shape.of(3, 2), new float[] {0.01f, 0, 0, 0, 0, 0.01f}),
                "p/bias",
                new HostTensor(Shape.of(2), new float[2])));
    ServingOptions options =
        ServingOptions.defaults().classNames(List.of("red", "blue")).imageBytes();
    return SavedModels.load(SavedModels.write(folder.resolve("images"), model, weights, options));
  }

  private static HttpResponse<String> send(int server, String path, String body) {
    URI uri = URI.create(servers.get(server).address() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (!body.isEmpty()) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String predict(int server, String body) {
    HttpResponse<String> response = send(server, ":predict", body);
    assertEquals(200, response.statusCode(), response.body());
    assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
    return response.body().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'instances': [[1, 2, 3], [0, 0, 0]]} | {'predictions':[[4.0,5.5],[0.0,0.5]]}",
        "{'instances': [{'x': [1, 2, 3]}]} | {'predictions':[[4.0,5.5]]}",
        "{'inputs': [[1, 2, 3], [0, 0, 0]]} | {'outputs':[[4.0,5.5],[0.0,0.5]]}",
        "{'inputs': {'x': [[1e0, 2.0, 3]]}} | {'outputs':[[4.0,5.5]]}",
        "{'instances': [[1, 2, 0.1]], 'signature_name': 'serving_default'}"
            + " | {'predictions':[[1.1,2.6]]}",
        "{'instances': [[NaN, 0, 0]]} | {'predictions':[[NaN,NaN]]}",
        "{'instances': [[0, Infinity, 0]]} | {'predictions':[[NaN,Infinity]]}",
        "{'instances': [[0, 0, -Infinity]]} | {'predictions':[[-Infinity,-Infinity]]}",
      })
  void predictionsComeInTheFormOfTheRequest(String request, String answer) {
    assertEquals(answer.replace('\'', '"'), predict(0, request.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'instances': [{'a': [1, 2], 'b': [3, 4]}, {'b': [0, 0], 'a': [5, 6]}]} |"
            + " {'predictions':[{'add':[4.0,6.0],'b':[3.0,4.0]},{'add':[5.0,6.0],'b':[0.0,0.0]}]}",
        "{'inputs': {'a': [[1, 2]], 'b': [[3, 4]]}}"
            + " | {'outputs':{'add':[[4.0,6.0]],'b':[[3.0,4.0]]}}",
      })
  void severalInputsAndOutputsGoByName(String request, String answer) {
    assertEquals(answer.replace('\'', '"'), predict(1, request.replace('\'', '"')));
  }

  private static String encoded(int colour) throws IOException {
    BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 30; i++) {
      image.setRGB(i % 6, i / 6, colour);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, "png", bytes));
    return "{\"b64\": \"" + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "\"}";
  }

  @Test
  void encodedImagesAreClassified() throws IOException {
    String red = encoded(0xff0000);
    String blue = encoded(0x0000ff);
    String body =
        "{\"signature_name\": \"classify_bytes\", \"instances\": [%s, {\"image_bytes\": %s}]}";
    JsonArray found =
        JsonParser.parseString(predict(2, body.formatted(red, blue)))
            .getAsJsonObject()
            .getAsJsonArray("predictions");
    double sure = 1 / (1 + Math.exp(-2.55));
    for (int i = 0; i < 2; i++) {
      JsonObject one = found.get(i).getAsJsonObject();
      assertEquals(
          i == 0 ? "[\"red\",\"blue\"]" : "[\"blue\",\"red\"]", one.get("classes").toString());
      assertEquals(sure, one.getAsJsonArray("scores").get(0).getAsDouble(), 1e-5);
    }
    String columns = "{\"signature_name\": \"serving_bytes\", \"inputs\": {\"image_bytes\": [%s]}}";
    assertTrue(predict(2, columns.formatted(red)).startsWith("{\"outputs\":[[0.92"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'instances': [[1, 2]]} | 400 | input 'x': expected (None, 3), received (1, 2)",
        "{'instances': [1, 2]} | 400 | input 'x': expected (None, 3), received (2,)",
        "{'inputs': 1} | 400 | input 'x': expected (None, 3), received ()",
        "{'instances': [[1, 2, 3], [1, 2]]} | 400"
            + " | input 'x': expected lists of equal lengths, received one of 3 and one of 2",
        "{'instances': [[1, 2, [3]]]} | 400 | input 'x': expected lists of equal depth, received a"
            + " list where there was an element",
        "{'instances': [[[3], 1, 2]]} | 400 | input 'x': expected lists of equal depth, received"
            + " an element where there was a list",
        "{'instances': [[1, 2, 'a']]} | 400 | input 'x': expected numbers, received 'a'",
        "{'instances': [[1, 2, true]]} | 400 | input 'x': expected numbers, received true or"
            + " false",
        "{'instances': [[1, 2, null]]} | 400 | input 'x': expected numbers, received null",
        "{'instances': [{'b64': 'AA=='}]} | 400 | input 'x': expected DT_FLOAT, received an object"
            + " of 'b64'",
        "{'instances': []} | 400 | instances: expected one sample or more, received none",
        "{'instances': 1} | 400 | instances: expected a list of samples",
        "{'instances': [{'z': [1]}]} | 400 | instances[0]: expected the inputs [x], received [z]",
        "{'inputs': {}} | 400 | inputs: expected the inputs [x], received none",
        "{} | 400 | request: expected 'instances' or 'inputs', received neither",
        "{'signature_name': 'other', 'instances': []} | 400 | signature_name: expected one of"
            + " [serving_default], received 'other'",
        "{'samples': []} | 400 | request: expected 'instances' or 'inputs', received [samples]",
        "{'inputs': [], 'instances': []} | 400 | request: expected 'instances' or 'inputs',"
            + " received [inputs, instances]",
        "{'inputs': [], 'inputs': []} | 400 | request: expected 'inputs' once",
        "{'inputs': [[1, 2, 3]]} {} | 400 | request: expected one object, received more after it",
        "[] | 400 | request: expected an object in JSON: Expected BEGIN_OBJECT but was BEGIN_ARRAY"
            + " at line 1 column 2 path $",
        "{'instances': [[1, 2 | 400 | request: expected an object in JSON: End of input at line 1"
            + " column 21 path $.instances[0][0]",
      })
  void aWrongRequestIsToldWhatIsWrong(String request, int status, String message) {
    HttpResponse<String> response = send(0, ":predict", request.replace('\'', '"'));
    assertEquals(message, error(response));
    assertEquals(status, response.statusCode());
  }

  private static String error(HttpResponse<String> response) {
    JsonObject object = JsonParser.parseString(response.body()).getAsJsonObject();
    assertEquals(1, object.size());
    return object.get("error").getAsString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'instances': [1]} | instances[0]: expected an object of the inputs [a, b]",
        "{'instances': [{'a': [1, 2]}]} | instances[0]: expected the inputs [a, b], received [a]",
      })
  void severalInputsAreAllAskedFor(String request, String message) {
    assertEquals(message, error(send(1, ":predict", request.replace('\'', '"'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'b64': 'AAAA'} | predict: Unknown image file format. One of JPEG, PNG, GIF, BMP"
            + " required.",
        "{'b64': 'AA*='} | input 'image_bytes': expected bytes in base 64, received what is none:"
            + " Illegal base64 character 2a",
        "{'b64': 7} | input 'image_bytes': expected bytes in base 64, received a number",
      })
  void whatIsNoImageIsToldToBeNone(String text, String message) {
    String body = "{'signature_name': 'serving_bytes', 'instances': [" + text + "]}";
    HttpResponse<String> response = send(2, ":predict", body.replace('\'', '"'));
    assertEquals(400, response.statusCode());
    assertEquals(
        message, error(response).replaceFirst("^(predict: ).*(Unknown.*required\\.).*$", "$1$2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/versions/2:predict | 404 | version: expected 1 of 'm', received 2",
        "/versions/2 | 404 | version: expected 1 of 'm', received 2",
        "x:predict | 404 | model: expected 'm', received 'mx'",
        ":classify | 400 | Malformed request: POST /v1/models/m:classify; expected GET"
            + " /v1/models/m, GET /v1/models/m/metadata or POST /v1/models/m:predict",
        "/metadata | 400 | Malformed request: POST /v1/models/m/metadata; expected GET"
            + " /v1/models/m, GET /v1/models/m/metadata or POST /v1/models/m:predict",
      })
  void anotherAddressIsToldTheRightOnes(String path, int status, String message) {
    String body = path.equals("/versions/2") ? "" : "{}";
    HttpResponse<String> response = send(0, path, body);
    assertEquals(message, error(response));
    assertEquals(status, response.statusCode());
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() {
    HttpResponse<String> response = send(0, ":predict", " ".repeat(10_001));
    assertEquals("request: expected at most 10000 bytes, received more", error(response));
    assertEquals(413, response.statusCode());
    assertTrue(predict(0, "{\"inputs\": [[1, 2, 3]]}" + " ".repeat(9_000)).contains("4.0"));
  }

  @Test
  void theStateIsThatOfTensorFlowServing() {
    String state =
        "{'model_version_status':[{'version':'1','state':'AVAILABLE','status':{'error_code':'OK',"
            + "'error_message':''}}]}";
    for (String path : List.of("", "/versions/1")) {
      HttpResponse<String> response = send(0, path, "");
      assertEquals(200, response.statusCode());
      assertEquals(
          JsonParser.parseString(state.replace('\'', '"')),
          JsonParser.parseString(response.body()));
    }
  }

  @Test
  void theMetadataSayHowTheModelIsCalled() {
    String metadata =
        "{'model_spec':{'name':'m','signature_name':'','version':'1'},'metadata':{'signature_def':"
            + "{'signature_def':{'serving_default':{'inputs':{'x':{'dtype':'DT_FLOAT',"
            + "'tensor_shape':{'dim':[{'size':'-1','name':''},{'size':'3','name':''}],"
            + "'unknown_rank':false}}},'outputs':{'y':{'dtype':'DT_FLOAT','tensor_shape':{'dim':"
            + "[{'size':'-1','name':''},{'size':'2','name':''}],'unknown_rank':false}}},"
            + "'method_name':'tensorflow/serving/predict'}}}}}";
    assertEquals(
        JsonParser.parseString(metadata.replace('\'', '"')),
        JsonParser.parseString(send(0, "/metadata", "").body()));
  }

  @Test
  void manyRequestsAtOnceAreAnsweredAsOneByOne() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean bad = i % 10 == 9;
      String body = "{\"instances\": [[" + i + ", 1" + (bad ? "" : ", 0.25") + "]]}";
      expected.add(
          bad
              ? "{\"error\":\"input 'x': expected (None, 3), received (1, 2)\"}"
              : "{\"predictions\":[[" + (i + 0.25) + ",1.75]]}");
      answers.add(
          CLIENT.sendAsync(
              HttpRequest.newBuilder(URI.create(servers.get(0).address() + ":predict"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(expected.get(i), answers.get(i).join().body().strip());
    }
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("serving-.*|batcher|HTTP-Dispatcher"))
        .sorted();
  }

  @Test
  void thePortAndAllThreadsAreFreeAfterwards() throws Exception {
    long before = threads().count();
    ModelServer server = ModelServer.start(models.get(0), "m", 1, 0, LIMITS);
    URI uri = URI.create(server.address());
    int port = uri.getPort();
    BindException taken =
        assertThrows(
            BindException.class, () -> ModelServer.start(models.get(0), "m", 1, port, LIMITS));
    assertTrue(String.valueOf(taken.getMessage()).contains("in use"));
    HttpRequest status = HttpRequest.newBuilder(uri).build();
    assertEquals(200, CLIENT.send(status, HttpResponse.BodyHandlers.ofString()).statusCode());
    server.close();
    server.close();
    assertThrows(
        ConnectException.class, () -> CLIENT.send(status, HttpResponse.BodyHandlers.ofString()));
    for (int i = 0; i < 100 && threads().count() > before; i++) {
      Thread.sleep(20); // a thread ends soon after it is told to
    }
    assertEquals(before, threads().count());
  }
}

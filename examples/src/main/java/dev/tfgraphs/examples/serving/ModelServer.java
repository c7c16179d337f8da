package dev.tfgraphs.examples.serving;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.ModelFileException;
import dev.tfgraphs.savedmodel.Signature;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers TensorFlow Serving's REST API for one model, to this machine only: {@code GET
 * /v1/models/NAME}, {@code GET /v1/models/NAME/metadata} and {@code POST /v1/models/NAME:predict},
 * each with {@code /versions/N} after the name if one likes. Requests that come at once are
 * predicted together.
 */
public final class ModelServer implements AutoCloseable {
  private static final String PREFIX = "/v1/models/";
  private static final Pattern PATH =
      Pattern.compile(PREFIX + "([^/:]+)(?:/versions/(\\d+))?(/metadata|:\\w+)?");

  /** As many requests are read and answered at once, most of them waiting for the model. */
  private static final int THREADS = 128;

  /** Connections that the system holds until they are taken. */
  private static final int BACKLOG = 256;

  private static final int SECONDS_TO_END = 10;

  static {
    // answers in two packets would wait 40 ms between them
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final String name;
  private final long version;
  private final ImmutableList<Signature> signatures;
  private final Limits limits;
  private final Batcher batcher;
  private final HttpServer http;
  private final ExecutorService threads;
  private final Phaser answering = new Phaser(1);

  private ModelServer(
      HttpServer http, LoadedModel model, String name, long version, Limits limits) {
    this.http = http;
    this.name = name;
    this.version = version;
    this.signatures = model.signatures();
    this.limits = limits;
    this.batcher = new Batcher(Runner.of(model), limits);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            new ThreadFactoryBuilder().setNameFormat("serving-%d").setDaemon(true).build());
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /**
   * Starts to answer; the caller closes it before the model.
   *
   * @param name how requests call the model
   * @param version the one that there is
   * @param port 0 for any that is free
   * @throws java.net.BindException if the port is taken
   */
  public static ModelServer start(
      LoadedModel model, String name, long version, int port, Limits limits) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new ModelServer(HttpServer.create(address, BACKLOG), model, name, version, limits);
  }

  /** {@return where the model is, {@code http://127.0.0.1:8501/v1/models/NAME}} */
  public String address() {
    InetSocketAddress address = http.getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort()
        + PREFIX
        + name;
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (answering.register() < 0) {
      exchange.close(); // the server has been closed
      return;
    }
    try (exchange) {
      int status = 200;
      String answer;
      try {
        answer = answer(exchange);
      } catch (RequestException e) {
        status = e.status();
        answer = Answers.error(String.valueOf(e.getMessage()));
      } catch (ModelFileException e) {
        status = RequestException.INVALID;
        answer = Answers.error(String.valueOf(e.getMessage()));
      } catch (RuntimeException | OutOfMemoryError e) {
        status = RequestException.FAILED;
        answer = Answers.error("server: " + e);
      }
      send(exchange, status, answer);
    } finally {
      answering.arriveAndDeregister();
    }
  }

  private static void send(HttpExchange exchange, int status, String answer) throws IOException {
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private String answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    Matcher parts = PATH.matcher(path);
    String asked = parts.matches() ? Strings.nullToEmpty(parts.group(3)) : "";
    boolean known =
        asked.equals(":predict")
            ? method.equals("POST")
            : method.equals("GET") && !asked.startsWith(":");
    if (!parts.matches() || !known) {
      throw RequestException.invalid(
          "Malformed request: %s %s; expected GET %s%s, GET %3$s%4$s/metadata or POST %3$s%4$s:predict"
              .formatted(method, path, PREFIX, name));
    }
    checkModel(parts);
    return switch (asked) {
      case "" -> Answers.status(version);
      case "/metadata" -> Answers.metadata(name, version, signatures);
      default -> predict(exchange);
    };
  }

  private void checkModel(Matcher parts) {
    String model = Strings.nullToEmpty(parts.group(1));
    if (!model.equals(name)) {
      throw new RequestException(
          RequestException.NOT_FOUND, "model: expected '%s', received '%s'".formatted(name, model));
    }
    String asked = Strings.nullToEmpty(parts.group(2));
    if (!asked.isEmpty() && !asked.equals(Long.toString(version))) {
      throw new RequestException(
          RequestException.NOT_FOUND,
          "version: expected %d of '%s', received %s".formatted(version, name, asked));
    }
  }

  private String predict(HttpExchange exchange) throws IOException {
    PredictRequest request = PredictRequest.parse(body(exchange), signatures);
    ImmutableMap<String, Values> outputs = batcher.predict(request.signature(), request.inputs());
    return Answers.prediction(request, outputs);
  }

  private byte[] body(HttpExchange exchange) throws IOException {
    int most = Math.toIntExact(limits.requestBytes());
    byte[] body = exchange.getRequestBody().readNBytes(most + 1);
    if (body.length > most) {
      throw new RequestException(
          RequestException.TOO_LARGE,
          "request: expected at most %d bytes, received more".formatted(most));
    }
    return body;
  }

  /** Takes no more requests, answers those that there are, and frees the port and all threads. */
  @Override
  public void close() {
    if (answering.isTerminated()) {
      return;
    }
    batcher.close();
    try {
      answering.awaitAdvanceInterruptibly(answering.arrive(), SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // who does not read the answer does not get it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answering.forceTermination();
    http.stop(0);
    threads.shutdownNow();
  }
}

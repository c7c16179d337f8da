package dev.tfgraphs.savedmodel;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on this machine that answers one request after another as it is told. */
final class FileServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  /** What becomes of a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /** The last answer is for all further requests. */
  FileServer(Answer... answers) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<Answer> left = new ArrayList<>(Arrays.asList(answers));
    server.createContext("/", exchange -> next(left, exchange).to(exchange));
    server.setExecutor(threads);
    server.start();
  }

  private Answer next(List<Answer> left, HttpExchange exchange) {
    synchronized (left) {
      requests.add(described(exchange));
      return left.size() > 1 ? left.remove(0) : left.get(0);
    }
  }

  private static String described(HttpExchange exchange) {
    StringBuilder text = new StringBuilder(exchange.getRequestURI().toString());
    for (String name : List.of("Range", "If-Range")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      text.append(value == null ? "" : " " + name + ": " + value);
    }
    return text.toString();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String address() {
    return "http://localhost:" + port() + "/weights.h5";
  }

  /** The path of each request, and which bytes it asks for. */
  List<String> requests() {
    return requests;
  }

  /** Bytes as a good server gives them: what is asked for, if the tag is still the same. */
  static Answer bytes(byte[] bytes, String tag) {
    return exchange -> {
      int from = asked(exchange, tag);
      if (from >= bytes.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
        exchange.sendResponseHeaders(416, -1);
      } else {
        begin(exchange, bytes, tag, from);
        exchange.getResponseBody().write(bytes, from, bytes.length - from);
      }
      exchange.close();
    };
  }

  /** The same, but the connection ends after so many bytes. */
  static Answer broken(byte[] bytes, String tag, int sent) {
    return exchange -> {
      int from = asked(exchange, tag);
      begin(exchange, bytes, tag, from);
      exchange.getResponseBody().write(bytes, from, sent);
      exchange.close();
    };
  }

  /** The same, but after so many bytes nothing more comes. */
  Answer stuck(byte[] bytes, String tag, int sent) {
    return exchange -> {
      int from = asked(exchange, tag);
      begin(exchange, bytes, tag, from);
      exchange.getResponseBody().write(bytes, from, sent);
      exchange.getResponseBody().flush();
      awaitEnd();
    };
  }

  /** No answer at all. */
  Answer silent() {
    return exchange -> awaitEnd();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An answer with headers of its own, as pairs, and the whole body. */
  static Answer answer(int status, byte[] body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    };
  }

  /** Bytes in chunks, whose length nobody says. */
  static Answer chunked(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    };
  }

  private static void begin(HttpExchange exchange, byte[] bytes, String tag, int from)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    if (!tag.isEmpty()) {
      headers.set("ETag", tag);
    }
    if (from > 0) {
      headers.set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
  }

  private static int asked(HttpExchange exchange, String tag) {
    Headers headers = exchange.getRequestHeaders();
    Matcher range = RANGE.matcher(headers.getOrDefault("Range", List.of("")).get(0));
    String condition = headers.getOrDefault("If-range", List.of(tag)).get(0);
    return range.matches() && condition.equals(tag) ? Integer.parseInt(range.group(1)) : 0;
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

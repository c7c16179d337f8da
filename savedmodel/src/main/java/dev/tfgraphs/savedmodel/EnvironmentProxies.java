package dev.tfgraphs.savedmodel;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java's proxies, and where it has none, those of the environment variables that curl and Python
 * know: {@code http_proxy}, {@code https_proxy} and {@code no_proxy}, in small letters or capitals.
 */
final class EnvironmentProxies extends ProxySelector {
  /** Host and port, whatever is around them; names may have what URIs do not allow in them. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:https?://)?([^@/]*@)?([^:/@]+|\\[[^]]+])(?::(\\d{1,5}))?/?");

  private static final int HTTP_PORT = 80;

  private final Map<String, String> environment;
  private final Optional<ProxySelector> java;

  EnvironmentProxies(Map<String, String> environment, Optional<ProxySelector> java) {
    this.environment = environment;
    this.java = java;
  }

  /** Those of this process. */
  static EnvironmentProxies ofProcess() {
    return new EnvironmentProxies(System.getenv(), Optional.ofNullable(ProxySelector.getDefault()));
  }

  @Override
  public List<Proxy> select(URI uri) {
    List<Proxy> proxies = java.map(selector -> selector.select(uri)).orElse(List.of());
    boolean direct = proxies.stream().allMatch(Proxy.NO_PROXY::equals);
    return direct ? List.of(fromEnvironment(uri)) : proxies;
  }

  private Proxy fromEnvironment(URI uri) {
    String address = variable(Ascii.toLowerCase(uri.getScheme()) + "_proxy");
    if (address.isEmpty() || isExempt(Ascii.toLowerCase(uri.getHost()))) {
      return Proxy.NO_PROXY;
    }
    Matcher proxy = ADDRESS.matcher(address);
    if (!proxy.matches()) {
      throw new ModelFileException(
          "environment variable "
              + Ascii.toLowerCase(uri.getScheme())
              + "_proxy: expected http://host:port, received '"
              + address.replaceFirst("^(\\w+://)?.*@", "$1***@") // passwords are not for logs
              + "'");
    }
    if (proxy.group(1) != null) {
      throw new ModelFileException(
          "environment variable "
              + Ascii.toLowerCase(uri.getScheme())
              + "_proxy: expected http://host:port, received one with a user, which is not"
              + " supported; fetch the file by hand");
    }
    int port = proxy.group(3) == null ? HTTP_PORT : Integer.parseInt(proxy.group(3));
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.group(2), port));
  }

  private String variable(String name) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? environment.getOrDefault(Ascii.toUpperCase(name), "") : value;
  }

  /** An entry stands for a host and for all within it; a star stands for everything. */
  private boolean isExempt(String host) {
    return Splitter.on(',')
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(Ascii.toLowerCase(variable("no_proxy")))
        .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
        .anyMatch(entry -> entry.equals("*") || entry.equals(host) || host.endsWith("." + entry));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    java.ifPresent(selector -> selector.connectFailed(uri, address, failure));
  }
}

package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
  private static final URI FILE = URI.create("https://files.example.com/weights.h5");

  private static String selected(ProxySelector proxies, URI uri) {
    Proxy proxy = proxies.select(uri).get(0);
    return proxy.address() instanceof InetSocketAddress address
        ? proxy.type() + " " + address.getHostString() + ":" + address.getPort()
        : proxy.type().toString();
  }

  private static String selected(String variables, String address) {
    Map<String, String> environment =
        Splitter.on(' ').omitEmptyStrings().withKeyValueSeparator('=').split(variables);
    return selected(new EnvironmentProxies(environment, Optional.empty()), URI.create(address));
  }

  @ParameterizedTest
  @CsvSource({
    "'', DIRECT",
    "https_proxy=http://proxy:3128, HTTP proxy:3128",
    "https_proxy=http://proxy:3128/, HTTP proxy:3128",
    "https_proxy=proxy:3128, HTTP proxy:3128",
    "https_proxy=proxy, HTTP proxy:80",
    "https_proxy=http://my_proxy:3128, HTTP my_proxy:3128",
    "https_proxy=http://[::1]:3128, HTTP [::1]:3128",
    "HTTPS_PROXY=http://proxy:3128, HTTP proxy:3128",
    "https_proxy=first:1 HTTPS_PROXY=second:2, HTTP first:1",
    "http_proxy=http://proxy:3128, DIRECT",
    "https_proxy=, DIRECT"
  })
  void aVariableNamesTheProxyOfItsScheme(String variables, String proxy) {
    assertEquals(proxy, selected(variables, FILE.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://proxy:1080", "http://", "proxy:port", "http://proxy/path/"})
  void anotherAddressOfAProxyIsRefused(String address) {
    assertEquals(
        "environment variable https_proxy: expected http://host:port, received '" + address + "'",
        assertThrows(
                ModelFileException.class, () -> selected("https_proxy=" + address, FILE.toString()))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "*, DIRECT",
    "'files.example.com', DIRECT",
    "'FILES.example.com', DIRECT",
    "'example.com', DIRECT",
    "'.example.com', DIRECT",
    "'localhost,example.com', DIRECT",
    "'ample.com', HTTP proxy:1",
    "'other.example.com', HTTP proxy:1",
    "'localhost', HTTP proxy:1"
  })
  void someHostsAreExempt(String exempt, String proxy) {
    assertEquals(proxy, selected("https_proxy=proxy:1 no_proxy=" + exempt, FILE.toString()));
    assertEquals(proxy, selected("https_proxy=proxy:1 NO_PROXY=" + exempt, FILE.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "http://user:word@proxy:3128, 'one with a user, which is not supported; fetch the file by"
        + " hand'",
    "socks5://user:word@proxy:1, '''socks5://***@proxy:1'''",
    "http://user:wo/rd@proxy:1, '''http://***@proxy:1'''"
  })
  void aPasswordIsNeitherUsedNorShown(String address, String received) {
    ModelFileException e =
        assertThrows(
            ModelFileException.class,
            () ->
                selected(
                    new EnvironmentProxies(Map.of("https_proxy", address), Optional.empty()),
                    FILE));
    assertEquals(
        "environment variable https_proxy: expected http://host:port, received " + received,
        e.getMessage());
  }

  @Test
  void aListMayHaveSpaces() {
    Map<String, String> environment =
        Map.of("https_proxy", "proxy:1", "no_proxy", " localhost , example.com ,");
    assertEquals("DIRECT", selected(new EnvironmentProxies(environment, Optional.empty()), FILE));
  }

  @Test
  void theProxiesOfJavaComeFirst() {
    List<URI> failed = new ArrayList<>();
    ProxySelector java =
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return uri.getScheme().equals("https")
                ? List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("java", 7)))
                : List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            failed.add(uri);
          }
        };
    Map<String, String> environment = Map.of("https_proxy", "proxy:1", "http_proxy", "proxy:2");
    ProxySelector proxies = new EnvironmentProxies(environment, Optional.of(java));
    assertEquals("HTTP java:7", selected(proxies, FILE));
    assertEquals("HTTP proxy:2", selected(proxies, URI.create("http://example.com/")));
    proxies.connectFailed(
        FILE, InetSocketAddress.createUnresolved("java", 7), new IOException("refused"));
    assertEquals(List.of(FILE), failed);
  }
}

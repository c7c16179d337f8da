package dev.tfgraphs.examples.report;

import com.google.common.html.HtmlEscapers;
import com.google.common.io.Resources;
import dev.tfgraphs.pictures.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page that is read in a browser and needs nothing but itself: no script, nothing from elsewhere,
 * and its policy forbids browsers to fetch anything. It is light or dark as its reader has it, and
 * fits a telephone as well as a desk. All texts are escaped.
 */
public final class HtmlPage {
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private static final Pattern VIEW = Pattern.compile("viewBox=\"0 0 (\\d+)[\\d.]* [\\d.]+\"");

  /** Of a picture that does not say its own. */
  private static final int USUAL_WIDTH = 600;

  private final String title;
  private final String subtitle;
  private final List<String> headings = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();

  private HtmlPage(String title, String subtitle) {
    this.title = title;
    this.subtitle = subtitle;
  }

  /** {@return a page with nothing but a head} */
  public static HtmlPage titled(String title, String subtitle) {
    return new HtmlPage(title, subtitle);
  }

  /** Begins a section, which the page's contents name. */
  public HtmlPage section(String heading) {
    headings.add(heading);
    body.append("<h2 id=\"%s\">%s</h2>\n".formatted(id(headings.size()), escaped(heading)));
    return this;
  }

  /** Adds a paragraph. */
  public HtmlPage text(String text) {
    body.append("<p>%s</p>\n".formatted(escaped(text)));
    return this;
  }

  /** Adds what is short: each with its name. */
  public HtmlPage facts(Map<String, ?> facts) {
    body.append("<dl>\n");
    facts.forEach(
        (name, value) ->
            body.append(
                "<div><dt>%s</dt><dd>%s</dd></div>\n"
                    .formatted(escaped(name), escaped(value.toString()))));
    body.append("</dl>\n");
    return this;
  }

  /**
   * Adds a table; what looks like a number stands on the right.
   *
   * @param rows each as long as {@code head}
   */
  public HtmlPage table(List<String> head, List<? extends List<String>> rows) {
    body.append("<div class=\"wide\"><table>\n<thead><tr>");
    head.forEach(name -> body.append("<th scope=\"col\">%s</th>".formatted(escaped(name))));
    body.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      body.append(row.stream().map(HtmlPage::cell).collect(Collectors.joining("", "<tr>", "</tr>")))
          .append('\n');
    }
    body.append("</tbody></table></div>\n");
    return this;
  }

  private static String cell(String text) {
    String kind = text.matches("[-+]?[\\d.,]+( ?(%|s|±.*))?") ? " class=\"number\"" : "";
    return "<td%s>%s</td>".formatted(kind, escaped(text));
  }

  /** Adds lines as they are: a command, a table of text. */
  public HtmlPage code(String text) {
    body.append("<pre>%s</pre>\n".formatted(escaped(text.stripTrailing())));
    return this;
  }

  /**
   * Adds a picture whose lines and texts stay sharp.
   *
   * @param says what is on it, below it and for whoever does not see it
   */
  public HtmlPage drawing(Picture picture, String says) {
    return svg(picture.svg(), says);
  }

  /**
   * Adds a picture that consists of pixels.
   *
   * @param says as of {@link #drawing}
   */
  public HtmlPage pixels(Picture picture, String says) {
    return image("image/png", picture.png(), picture.width(), says);
  }

  /**
   * Adds an SVG, as wide as its {@code viewBox} says.
   *
   * @param says as of {@link #drawing}
   */
  public HtmlPage svg(String svg, String says) {
    Matcher view = VIEW.matcher(svg);
    int width = view.find() ? Integer.parseInt(view.group(1)) : USUAL_WIDTH;
    return image("image/svg+xml", svg.getBytes(StandardCharsets.UTF_8), width, says);
  }

  private HtmlPage image(String type, byte[] bytes, int width, String says) {
    body.append(
        """
        <figure><div class="wide"><img width="%s" alt="%s" src="data:%s;base64,%s"></div>
        <figcaption>%s</figcaption></figure>
        """
            .formatted(
                Integer.toString(width),
                escaped(says),
                type,
                Base64.getEncoder().encodeToString(bytes),
                escaped(says)));
    return this;
  }

  /** {@return the page} */
  public String html() {
    StringBuilder contents = new StringBuilder();
    for (int i = 0; i < headings.size(); i++) {
      contents.append("<a href=\"#%s\">%s</a>\n".formatted(id(i + 1), escaped(headings.get(i))));
    }
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="%s">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    <header><h1>%s</h1>
    <p>%s</p></header>
    <nav aria-label="Contents">
    %s</nav>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(
            POLICY, escaped(title), style(), escaped(title), escaped(subtitle), contents, body);
  }

  private static String id(int section) {
    return String.format(Locale.ROOT, "section-%d", section);
  }

  private static String escaped(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }

  private static String style() {
    try {
      return Resources.toString(
          Resources.getResource(HtmlPage.class, "page.css"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

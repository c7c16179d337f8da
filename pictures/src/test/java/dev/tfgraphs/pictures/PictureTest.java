package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {

  private static final Picture PICTURE =
      Picture.of(
          30,
          20,
          g -> {
            g.setColor(Color.RED);
            g.fillRect(10, 10, 10, 10);
            g.setFont(Picture.font(Font.PLAIN, 12));
            g.drawString("a < b", 2, 8);
          });

  @TempDir Path folder;

  @Test
  void a_png_has_two_pixels_for_each_point() throws IOException {
    Path file = folder.resolve("picture.png");
    PICTURE.writePng(file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(60, image.getWidth());
    assertEquals(40, image.getHeight());
    assertEquals(Color.RED.getRGB(), image.getRGB(20, 20));
    assertEquals(Color.RED.getRGB(), image.getRGB(39, 39));
    assertEquals(Color.WHITE.getRGB(), image.getRGB(40, 39));
  }

  @Test
  void an_svg_keeps_its_texts() {
    Path file = folder.resolve("picture.svg");
    PICTURE.writeSvg(file);
    assertEquals(List.of("a < b"), Svg.read(file).texts());
    assertEquals("0 0 30 20", Svg.read(file).root().getAttribute("viewBox"));
    String style = Svg.read(file).elements("text").get(0).getAttribute("style");
    assertTrue(style.matches(".*font-family:\".+\",sans-serif;.*"), style);
    assertEquals("12px", Svg.read(file).root().getAttribute("font-size"));
  }

  /** A control character, half of a pair, one that is none, and two that XML has. */
  @Test
  void an_svg_has_no_characters_that_xml_has_not() {
    String text = "a\u0001b\u001bc\ud800d\uffffe \u00e9 \ud83d\ude00";
    Path file = folder.resolve("picture.svg");
    Picture.of(
            300,
            40,
            g -> {
              g.drawString(text, 2.5f, 12);
              g.create().drawString(text, 2, 30);
            })
        .writeSvg(file);
    String valid = "a\ufffdb\ufffdc\ufffdd\ufffde \u00e9 \ud83d\ude00";
    assertEquals(List.of(valid, valid), Svg.read(file).texts());
  }

  @Test
  void an_older_picture_is_replaced_and_nothing_else_is_left() throws IOException {
    Path file = folder.resolve("picture.png");
    Files.writeString(file, "old");
    PICTURE.writePng(file);
    assertEquals(60, ImageIO.read(file.toFile()).getWidth());
    assertEquals(List.of(file), files());
  }

  @Test
  void a_picture_that_fails_half_way_leaves_the_older_one() throws IOException {
    Path file = folder.resolve("picture.png");
    Files.writeString(file, "old");
    Picture broken =
        Picture.of(
            30,
            20,
            g -> {
              throw new ArithmeticException();
            });
    assertThrows(ArithmeticException.class, () -> broken.writePng(file));
    assertThrows(ArithmeticException.class, () -> broken.writeSvg(file));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void a_folder_that_is_missing_is_named() {
    Path file = folder.resolve("missing").resolve("picture.png");
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> PICTURE.writePng(file));
    assertEquals("picture '" + file + "': expected a place to write it", e.getMessage());
  }

  @Test
  @EnabledOnOs(OS.LINUX) // elsewhere the fonts of the system cannot be hidden from Java
  void a_machine_without_fonts_is_told_what_to_install() throws Exception {
    Path none = folder.resolve("fonts.conf");
    Files.writeString(none, "<fontconfig/>");
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=true",
            "-Duser.home=" + folder, // where Java keeps what it knows about fonts
            "-cp",
            System.getProperty("java.class.path"),
            Fontless.class.getName(),
            folder.resolve("picture.png").toString());
    java.environment().put("FONTCONFIG_FILE", none.toString());
    java.redirectErrorStream(true);
    Process process = java.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    assertEquals(
        "pictures: expected a font for their texts, but Java found none on this machine; on Debian"
            + " and Ubuntu 'apt-get install fontconfig fonts-dejavu-core' brings some",
        output);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Runs in a process of its own, where there are no fonts. */
  static final class Fontless {
    private Fontless() {}

    public static void main(String[] arguments) {
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> PICTURE.writePng(Path.of(arguments[0])));
      System.out.println(e.getMessage());
    }
  }
}

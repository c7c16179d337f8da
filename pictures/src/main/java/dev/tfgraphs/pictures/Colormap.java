package dev.tfgraphs.pictures;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Colours for numbers, those of matplotlib to the bit. All but {@link #BLUE_RED} rise in lightness,
 * so that they say the same in black and white and to colour-blind readers.
 */
public enum Colormap {
  /** Blue over green to yellow, what matplotlib takes by itself. */
  VIRIDIS("viridis"),
  /** Black over purple to a light yellow. */
  MAGMA("magma"),
  /** Black over red to a light yellow. */
  INFERNO("inferno"),
  /** Blue over grey to yellow, the same to readers with and without a red-green deficiency. */
  CIVIDIS("cividis"),
  /** Black to white. */
  GREY("gray"),
  /** Blue over white to red, for numbers below and above 0: white is 0. */
  BLUE_RED("RdBu_r");

  /** What is not a number. */
  static final int NONE = 0xb0b0b0;

  private static final int COLOURS = 256;
  private static final String RESOURCE = "colormaps.txt";

  private final String matplotlib;

  Colormap(String matplotlib) {
    this.matplotlib = matplotlib;
  }

  /** All tables, read when the first colour is asked for. */
  private static final class Tables {
    static final ImmutableMap<String, int[]> ALL = read();

    private static ImmutableMap<String, int[]> read() {
      try (InputStream in = Colormap.class.getResourceAsStream(RESOURCE)) {
        Objects.requireNonNull(in, RESOURCE);
        ImmutableMap.Builder<String, int[]> tables = ImmutableMap.builder();
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> Splitter.on(' ').splitToList(line))
            .forEach(parts -> tables.put(parts.get(0), colours(parts)));
        return tables.buildOrThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(RESOURCE + ": expected to be readable", e);
      }
    }

    private static int[] colours(List<String> parts) {
      return Splitter.fixedLength(6)
          .splitToStream(parts.get(1))
          .mapToInt(colour -> Integer.parseInt(colour, 16))
          .toArray();
    }
  }

  /**
   * {@return the colour {@code 0xRRGGBB} of a number from 0 to 1; below and above, infinities
   * included, that of 0 or 1, and grey for what is not a number}
   */
  public int rgb(double part) {
    if (Double.isNaN(part)) {
      return NONE;
    }
    int[] colours = Objects.requireNonNull(Tables.ALL.get(matplotlib), matplotlib);
    return colours[(int) Math.max(0, Math.min(COLOURS - 1, part * COLOURS))];
  }

  /** {@return whether its middle stands for 0} */
  public boolean signed() {
    return this == BLUE_RED;
  }

  /** {@return what matplotlib calls it} */
  @Override
  public String toString() {
    return matplotlib;
  }
}

package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the channels of layers make of an image, side by side.
 *
 * <pre>{@code
 * Model layer = model.tap("conv2_block3_out");
 * try (Predictor predictor = Predictor.of(layer, weights.part(layer))) {
 *   HostTensor maps = predictor.predict(image).get(0);
 *   FeatureMaps.of("conv2_block3_out", maps).picture().writePng(Path.of("maps.png"));
 * }
 * }</pre>
 */
@CheckReturnValue
public final class FeatureMaps {
  private static final int MARGIN = 16;
  private static final int TITLE = 34;
  private static final int HEADING = 40;
  private static final int GAP = 24;
  private static final int LEAST_WIDTH = 460;

  /** Of an image, in points. */
  private static final int SIDE = 160;

  /** Of a map, in pixels. */
  private static final int WISHED = 176;

  private static final int MOST = 264;
  private static final int BAR_HEIGHT = 220;

  private final ImmutableMap<String, HostTensor> layers;
  private final Optional<PixelImages> image;
  private final Optional<String> title;
  private final Colormap colours;
  private final int channels;
  private final int columns;
  private final boolean shared;

  private FeatureMaps(
      ImmutableMap<String, HostTensor> layers,
      Optional<PixelImages> image,
      Optional<String> title,
      Colormap colours,
      int channels,
      int columns,
      boolean shared) {
    this.layers = layers;
    this.image = image;
    this.title = title;
    this.colours = colours;
    this.channels = channels;
    this.columns = columns;
    this.shared = shared;
  }

  /**
   * {@return the first 32 channels of a layer, 8 in a row, each from its least to its largest
   * number in the colours {@link Colormap#VIRIDIS}}
   *
   * @param layer its name
   * @param maps {@code (1, height, width, channels)} or {@code (height, width, channels)}
   * @throws IllegalArgumentException if they are shaped otherwise
   */
  public static FeatureMaps of(String layer, HostTensor maps) {
    return of(ImmutableMap.of(layer, maps));
  }

  /**
   * {@return those of several layers below each other}
   *
   * @param layers maps as {@link #of(String, HostTensor)} takes them, by the names of layers
   * @throws IllegalArgumentException if there is none, or one is shaped otherwise
   */
  public static FeatureMaps of(Map<String, HostTensor> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("feature maps: expected those of a layer, received none");
    }
    Map<String, HostTensor> single = new LinkedHashMap<>();
    layers.forEach((name, maps) -> single.put(name, single(name, maps)));
    return new FeatureMaps(
        ImmutableMap.copyOf(single),
        Optional.empty(),
        Optional.empty(),
        Colormap.VIRIDIS,
        32,
        8,
        false);
  }

  private static HostTensor single(String name, HostTensor maps) {
    Shape shape = maps.shape();
    boolean batch = shape.rank() == 4 && shape.size(0) == 1;
    if ((!batch && shape.rank() != 3) || shape.elements() == 0) {
      throw new IllegalArgumentException(
          "feature maps: expected (1, height, width, channels) of '%s', received %s"
              .formatted(name, shape));
    }
    return batch ? maps.row(0) : maps;
  }

  /** {@return these beside the first of {@code images}, which they are made of} */
  public FeatureMaps image(PixelImages images) {
    return new FeatureMaps(layers, Optional.of(images), title, colours, channels, columns, shared);
  }

  /** {@return these under a title; without one it is "Feature maps"} */
  public FeatureMaps title(String text) {
    return new FeatureMaps(layers, image, Optional.of(text), colours, channels, columns, shared);
  }

  /** {@return these in other colours; {@link Colormap#signed} ones have 0 in the middle} */
  public FeatureMaps colormap(Colormap map) {
    return new FeatureMaps(layers, image, title, map, channels, columns, shared);
  }

  /**
   * {@return at most so many channels of each layer, from the first on}
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public FeatureMaps channels(int most) {
    atLeastOne("channels", most);
    return new FeatureMaps(layers, image, title, colours, most, columns, shared);
  }

  /**
   * {@return these with so many in a row}
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public FeatureMaps columns(int count) {
    atLeastOne("columns", count);
    return new FeatureMaps(layers, image, title, colours, channels, count, shared);
  }

  /**
   * {@return these with one scale for all shown channels of a layer, and a bar that says it; so
   * channels that do little are seen to do little}
   */
  public FeatureMaps sharedScale() {
    return new FeatureMaps(layers, image, title, colours, channels, columns, true);
  }

  private static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "feature maps: expected 1 or more " + what + ", received " + value);
    }
  }

  /** {@return the picture} */
  public Picture picture() {
    List<Section> sections = new ArrayList<>();
    layers.forEach((name, maps) -> sections.add(section(name, maps)));
    int left = image.isPresent() ? SIDE + GAP : 0;
    int widest = sections.stream().mapToInt(Section::width).max().orElseThrow();
    int room = Math.max(LEAST_WIDTH, widest);
    int below = sections.stream().mapToInt(Section::height).sum() - GAP;
    int height = Math.max(below, image.isPresent() ? HEADING + SIDE : 0);
    return Picture.of(
        2 * MARGIN + left + room,
        TITLE + height + MARGIN,
        g -> paint(g, sections, MARGIN + left, room));
  }

  /** A layer. */
  private record Section(
      String name, String words, Tiles tiles, Optional<ColourBar> bar, int barHeight) {
    int width() {
      return tiles.width() + (bar.isPresent() ? GAP + ColourBar.WIDTH : 0);
    }

    int height() {
      return HEADING + Math.max(tiles.height(), bar.isPresent() ? barHeight + 8 : 0) + GAP;
    }
  }

  private Section section(String name, HostTensor maps) {
    int height = maps.shape().size(0);
    int width = maps.shape().size(1);
    int all = maps.shape().size(2);
    int shown = Math.min(channels, all);
    List<Raster> rasters =
        IntStream.range(0, shown)
            .mapToObj(i -> Raster.ofChannel(maps.values(), height, width, all, i).reduced(MOST))
            .toList();
    Optional<ColourScale> common =
        shared
            ? Optional.of(
                ColourScale.of(colours.signed(), rasters.stream().map(Raster::values).toList()))
            : Optional.empty();
    List<Tiles.Tile> tiles = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      Raster raster = rasters.get(i);
      ColourScale scale = common.orElseGet(() -> ColourScale.of(colours.signed(), raster.values()));
      int factor = Raster.factor(raster.height(), raster.width(), WISHED);
      tiles.add(
          new Tiles.Tile(
              raster.image(colours, scale, factor),
              Integer.toString(i),
              shared ? "" : scale.range()));
    }
    Tiles grid = new Tiles(tiles, columns);
    return new Section(
        name,
        words(maps, shown),
        grid,
        common.map(scale -> ColourBar.of(colours, scale)),
        Math.min(BAR_HEIGHT, Math.max(60, grid.height())));
  }

  private String words(HostTensor maps, int shown) {
    Shape shape = maps.shape();
    int all = shape.size(2);
    long broken = Raster.notFinite(maps.values());
    String count =
        (shown == all ? "" + all : shown + " of " + all) + (all == 1 ? " channel" : " channels");
    return "%s, %d \u00d7 %d, %s%s"
        .formatted(
            count,
            shape.size(0),
            shape.size(1),
            shared ? "one scale for all" : "each on its own scale",
            broken == 0 ? "" : "; hatched: not finite (" + broken + ")");
  }

  private void paint(Graphics2D g, List<Section> sections, int left, int room) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title.orElse("Feature maps"), left + room - MARGIN), MARGIN, 26);
    image.ifPresent(images -> paintInput(g, images));
    int top = TITLE;
    for (Section section : sections) {
      g.setColor(Looks.INK);
      g.setFont(Picture.font(Font.BOLD, 13));
      g.drawString(Picture.fitted(g, section.name(), room), left, top + 14);
      g.setFont(Picture.font(Font.PLAIN, 12));
      g.drawString(Picture.fitted(g, section.words(), room), left, top + 30);
      section.tiles().paint(g, left, top + HEADING);
      int barLeft = left + section.tiles().width() + GAP;
      int barTop = top + HEADING;
      section.bar().ifPresent(bar -> bar.paint(g, barLeft, barTop, section.barHeight()));
      top += section.height();
    }
  }

  private static void paintInput(Graphics2D g, PixelImages images) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 13));
    g.drawString("Image", MARGIN, TITLE + 14);
    BufferedImage fitted = images.fitted(0, SIDE * Picture.SCALE);
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.drawString(images.height() + " \u00d7 " + images.width(), MARGIN, TITLE + 30);
    Tiles.paintImage(g, fitted, MARGIN, TITLE + HEADING);
  }
}

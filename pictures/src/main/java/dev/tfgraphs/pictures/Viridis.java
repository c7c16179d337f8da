package dev.tfgraphs.pictures;

/**
 * Colours that rise in lightness from blue over green to yellow, so that they say the same in black
 * and white and to colour-blind readers: matplotlib's viridis.
 */
final class Viridis {
  /** What is not a number. */
  static final int NONE = 0xb0b0b0;

  private static final int[] COLOURS = {
    0x440154, 0x47186a, 0x472c7b, 0x424085, 0x3a528b, 0x32628d, 0x2c728e, 0x26818e, 0x20908c,
    0x1e9e88, 0x27ad80, 0x3dbb74, 0x5bc862, 0x81d34c, 0xaadb32, 0xd4e11a, 0xfde724
  };

  private Viridis() {}

  /** The colour {@code 0xRRGGBB} of a part of 1; beyond, that of 0 or 1. */
  static int rgb(double part) {
    if (Double.isNaN(part)) {
      return NONE;
    }
    double at = Math.max(0, Math.min(1, part)) * (COLOURS.length - 1);
    int below = Math.min(COLOURS.length - 2, (int) at);
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = COLOURS[below] >> shift & 0xff;
      int to = COLOURS[below + 1] >> shift & 0xff;
      rgb |= (int) Math.round(from + (to - from) * (at - below)) << shift;
    }
    return rgb;
  }
}

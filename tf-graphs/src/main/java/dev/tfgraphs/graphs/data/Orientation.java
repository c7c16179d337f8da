package dev.tfgraphs.graphs.data;

import java.util.Arrays;

/**
 * How a photograph lies in its file, by the numbers of EXIF (tag {@code Orientation} of EXIF 2.32,
 * 4.6.5 A). What makes it upright is an exchange of rows and columns, and then the reversal of
 * either.
 */
enum Orientation {
  UPRIGHT(1, false, 1, 1),
  MIRRORED(2, false, 1, -1),
  UPSIDE_DOWN(3, false, -1, -1),
  MIRRORED_UPSIDE_DOWN(4, false, -1, 1),
  MIRRORED_LEFT(5, true, 1, 1),
  LEFT(6, true, 1, -1),
  MIRRORED_RIGHT(7, true, -1, -1),
  RIGHT(8, true, -1, 1);

  private final int number;
  private final boolean exchanged;
  private final int rows;
  private final int columns;

  Orientation(int number, boolean exchanged, int rows, int columns) {
    this.number = number;
    this.exchanged = exchanged;
    this.rows = rows;
    this.columns = columns;
  }

  /** {@return by its number; upright for what is none} */
  static Orientation of(int number) {
    return Arrays.stream(values())
        .filter(orientation -> orientation.number == number)
        .findFirst()
        .orElse(UPRIGHT);
  }

  /** {@return EXIF's number, from 1} */
  int number() {
    return number;
  }

  /** {@return the axes of {@code (height, width, channels)} in the order that makes it upright} */
  int[] axes() {
    return exchanged ? new int[] {1, 0, 2} : new int[] {0, 1, 2};
  }

  /** {@return 1 or, where an axis in that order is to be read backwards, -1} */
  int[] strides() {
    return new int[] {rows, columns, 1};
  }
}

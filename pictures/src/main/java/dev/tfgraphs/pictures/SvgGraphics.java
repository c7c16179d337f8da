package dev.tfgraphs.pictures;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;

/** Notes what is drawn for an SVG, in texts that XML has; VectorGraphics2D keeps all characters. */
final class SvgGraphics extends VectorGraphics2D {
  @Override
  public void drawString(String text, int x, int y) {
    super.drawString(SvgText.valid(text), x, y);
  }

  @Override
  public void drawString(String text, float x, float y) {
    super.drawString(SvgText.valid(text), x, y);
  }
}

package dev.tfgraphs.pictures;

/** Java finds no font on this machine, without which no picture can be made. */
public final class NoFontsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NoFontsException(Throwable cause) {
    super(
        "pictures: expected a font for their texts, but Java found none on this machine;"
            + " on Debian and Ubuntu 'apt-get install fontconfig fonts-dejavu-core' brings some",
        cause);
  }
}

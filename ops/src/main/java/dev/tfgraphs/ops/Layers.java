package dev.tfgraphs.ops;

/**
 * The one place that makes layers, meant to be imported statically. Numbers given here are
 * required; everything else is a setting of the layer with Keras's default.
 */
public final class Layers {
  private Layers() {}

  /**
   * {@return where data of this shape enters, without the batch: {@code input(224, 224, 3)}}
   *
   * @throws ModelException if a size is neither 0 or more nor {@link Shape#UNKNOWN}
   */
  public static Node input(int... sizes) {
    return new Input(Shape.of(sizes)).on();
  }

  /**
   * {@return where data called {@code name} enters; signatures of exported models use the name}
   *
   * @throws ModelException if the name or a size is not possible
   */
  public static Node input(String name, int... sizes) {
    return new Input(Shape.of(sizes)).name(name).on();
  }

  /** {@return a convolution with a square window} */
  public static Conv2D conv2D(int filters, int kernelSize) {
    return new Conv2D(filters, Size.square(kernelSize));
  }

  /** {@return a convolution} */
  public static Conv2D conv2D(int filters, int kernelHeight, int kernelWidth) {
    return new Conv2D(filters, new Size(kernelHeight, kernelWidth));
  }

  /** {@return a convolution of each channel by filters of its own, with a square window} */
  public static DepthwiseConv2D depthwiseConv2D(int kernelSize) {
    return depthwiseConv2D(kernelSize, kernelSize);
  }

  /** {@return a convolution of each channel by filters of its own} */
  public static DepthwiseConv2D depthwiseConv2D(int kernelHeight, int kernelWidth) {
    return new DepthwiseConv2D(new Size(kernelHeight, kernelWidth));
  }

  /** {@return a transposed convolution with a square window} */
  public static Conv2DTranspose conv2DTranspose(int filters, int kernelSize) {
    return conv2DTranspose(filters, kernelSize, kernelSize);
  }

  /** {@return a transposed convolution} */
  public static Conv2DTranspose conv2DTranspose(int filters, int kernelHeight, int kernelWidth) {
    return new Conv2DTranspose(filters, new Size(kernelHeight, kernelWidth));
  }

  /** {@return a fully connected layer} */
  public static Dense dense(int units) {
    return new Dense(units);
  }

  /** {@return batch normalization with Keras's defaults} */
  public static BatchNormalization batchNormalization() {
    return new BatchNormalization();
  }

  /** {@return a layer that applies {@code function}} */
  public static Activation activation(ActivationFunction function) {
    return new Activation(function);
  }

  /** {@return {@code max(x, 0)}: Keras's {@code Activation("relu")}} */
  public static Activation relu() {
    return activation(ActivationFunction.RELU);
  }

  /**
   * {@return a rectifier that can have a ceiling, a slope and a threshold: Keras's layer {@code
   * ReLU}}
   */
  public static ReLU reLU() {
    return new ReLU();
  }

  /** {@return a rectifier with slope 0.3 below 0} */
  public static LeakyReLU leakyReLU() {
    return new LeakyReLU();
  }

  /** {@return softmax over the last axis} */
  public static Softmax softmax() {
    return new Softmax();
  }

  /** {@return the largest of each square window} */
  public static Pooling2D maxPooling2D(int poolSize) {
    return maxPooling2D(poolSize, poolSize);
  }

  /** {@return the largest of each window} */
  public static Pooling2D maxPooling2D(int height, int width) {
    return new Pooling2D(Pooling2D.Kind.MAX, new Size(height, width));
  }

  /** {@return the mean of each square window} */
  public static Pooling2D averagePooling2D(int poolSize) {
    return averagePooling2D(poolSize, poolSize);
  }

  /** {@return the mean of each window} */
  public static Pooling2D averagePooling2D(int height, int width) {
    return new Pooling2D(Pooling2D.Kind.AVERAGE, new Size(height, width));
  }

  /** {@return the mean of each channel} */
  public static GlobalPooling2D globalAveragePooling2D() {
    return new GlobalPooling2D(Pooling2D.Kind.AVERAGE);
  }

  /** {@return the largest of each channel} */
  public static GlobalPooling2D globalMaxPooling2D() {
    return new GlobalPooling2D(Pooling2D.Kind.MAX);
  }

  /** {@return everything behind the batch in one row} */
  public static Flatten flatten() {
    return new Flatten();
  }

  /**
   * {@return the same elements in another shape behind the batch; one size may be -1 and follows
   * from the others}
   *
   * @throws ModelException if a size is below -1, or if more than one is -1
   */
  public static Reshape reshape(int... sizes) {
    return new Reshape(Shape.of(sizes));
  }

  /**
   * {@return axes in another order; 1 is the first behind the batch}
   *
   * @throws ModelException if {@code dims} does not hold each axis once
   */
  public static Permute permute(int... dims) {
    return new Permute(dims);
  }

  /**
   * {@return everything along {@code axis} in reverse order; -1 is the last}
   *
   * @throws ModelException if the axis is the batch
   */
  public static Flip flip(int axis) {
    return new Flip(axis);
  }

  /** {@return every pixel {@code factor} times down and across} */
  public static UpSampling2D upSampling2D(int factor) {
    return upSampling2D(factor, factor);
  }

  /** {@return every pixel {@code height} times down and {@code width} times across} */
  public static UpSampling2D upSampling2D(int height, int width) {
    return new UpSampling2D(new Size(height, width));
  }

  /** {@return {@code size} rows and columns of zeros at each side} */
  public static ZeroPadding2D zeroPadding2D(int size) {
    return zeroPadding2D(size, size);
  }

  /**
   * {@return {@code height} rows of zeros at top and bottom and {@code width} columns left and
   * right}
   */
  public static ZeroPadding2D zeroPadding2D(int height, int width) {
    return zeroPadding2D(height, height, width, width);
  }

  /** {@return so many rows and columns of zeros at each side} */
  public static ZeroPadding2D zeroPadding2D(int top, int bottom, int left, int right) {
    return new ZeroPadding2D(new Sides(top, bottom, left, right));
  }

  /** {@return images without {@code size} rows and columns at each side} */
  public static Cropping2D cropping2D(int size) {
    return cropping2D(size, size);
  }

  /**
   * {@return images without {@code height} rows at top and bottom and {@code width} columns left
   * and right}
   */
  public static Cropping2D cropping2D(int height, int width) {
    return cropping2D(height, height, width, width);
  }

  /** {@return images without so many rows and columns at each side} */
  public static Cropping2D cropping2D(int top, int bottom, int left, int right) {
    return new Cropping2D(new Sides(top, bottom, left, right));
  }

  /** {@return what drops elements in training with probability {@code rate}} */
  public static Dropout dropout(double rate) {
    return new Dropout(rate);
  }

  /** {@return what drops whole channels in training with probability {@code rate}} */
  public static SpatialDropout2D spatialDropout2D(double rate) {
    return new SpatialDropout2D(rate);
  }

  /** {@return what adds normal noise of this standard deviation in training} */
  public static GaussianNoise gaussianNoise(double stddev) {
    return new GaussianNoise(stddev);
  }

  /** {@return {@code x * scale}, to which an offset can be added} */
  public static Rescaling rescaling(double scale) {
    return new Rescaling(scale);
  }

  /**
   * {@return {@code (x - mean) / sqrt(variance)} with numbers that a dataset's {@code adapt}
   * learns}
   */
  public static Normalization normalization() {
    return new Normalization();
  }

  /** {@return {@code (x - mean) / sqrt(variance)} with the same numbers everywhere} */
  public static Normalization normalization(double mean, double variance) {
    return normalization(new double[] {mean}, new double[] {variance});
  }

  /** {@return {@code (x - mean) / sqrt(variance)} with numbers for each size of the last axis} */
  public static Normalization normalization(double[] mean, double[] variance) {
    return new Normalization(mean, variance);
  }

  /** {@return images of another height and width} */
  public static Resizing resizing(int height, int width) {
    return new Resizing(new Size(height, width));
  }

  /** {@return the middle of images} */
  public static CenterCrop centerCrop(int height, int width) {
    return new CenterCrop(new Size(height, width));
  }

  /** {@return what, in training, turns half of the images upside down} */
  public static RandomFlip randomFlip() {
    return randomFlip(RandomFlip.Mode.HORIZONTAL_AND_VERTICAL);
  }

  /** {@return what, in training, flips half of the images} */
  public static RandomFlip randomFlip(RandomFlip.Mode mode) {
    return new RandomFlip(mode);
  }

  /** {@return what, in training, turns images by up to so much of a full turn, either way} */
  public static RandomRotation randomRotation(double factor) {
    return new RandomRotation(factor);
  }

  /** {@return what, in training, turns images by so much of a full turn, counter-clockwise} */
  public static RandomRotation randomRotation(Range factor) {
    return new RandomRotation(factor);
  }

  /** {@return what, in training, shows up to so much more or less of images} */
  public static RandomZoom randomZoom(double factor) {
    return new RandomZoom(factor);
  }

  /**
   * {@return what, in training, shows so much more of images, as much of the width as the height}
   */
  public static RandomZoom randomZoom(Range factor) {
    return new RandomZoom(factor);
  }

  /** {@return what, in training, shows up to so much more or less of height and width} */
  public static RandomZoom randomZoom(double heightFactor, double widthFactor) {
    return new RandomZoom(heightFactor, widthFactor);
  }

  /** {@return what, in training, shows so much more of height and width} */
  public static RandomZoom randomZoom(Range heightFactor, Range widthFactor) {
    return new RandomZoom(heightFactor, widthFactor);
  }

  /** {@return what, in training, moves images by up to so much of their height and width} */
  public static RandomTranslation randomTranslation(double heightFactor, double widthFactor) {
    return new RandomTranslation(heightFactor, widthFactor);
  }

  /** {@return what, in training, moves images by so much of their height and width} */
  public static RandomTranslation randomTranslation(Range heightFactor, Range widthFactor) {
    return new RandomTranslation(heightFactor, widthFactor);
  }

  /** {@return what, in training, cuts windows of this size out of images} */
  public static RandomCrop randomCrop(int height, int width) {
    return new RandomCrop(new Size(height, width));
  }

  /**
   * {@return what, in training, multiplies contrast by a number from 1 to {@code 1 + factor}; with
   * one number Keras's contrast only grows}
   */
  public static RandomContrast randomContrast(double factor) {
    return new RandomContrast(factor);
  }

  /**
   * {@return what, in training, multiplies contrast by a number from {@code 1 - lower} to {@code 1
   * + upper}}
   */
  public static RandomContrast randomContrast(Range factor) {
    return new RandomContrast(factor);
  }

  /** {@return what, in training, adds up to so much of the range of values, or takes it off} */
  public static RandomBrightness randomBrightness(double factor) {
    return new RandomBrightness(factor);
  }

  /** {@return what, in training, adds so much of the range of values} */
  public static RandomBrightness randomBrightness(Range factor) {
    return new RandomBrightness(factor);
  }

  /** {@return what, in training, fills a rectangle of about half of the images with noise} */
  public static RandomErasing randomErasing() {
    return randomErasing(1);
  }

  /**
   * {@return what, in training, fills a rectangle of some images with noise; how likely, each image
   * draws from 0 to {@code factor}}
   */
  public static RandomErasing randomErasing(double factor) {
    return new RandomErasing(factor);
  }

  /** {@return what, in training, fills a rectangle of some images; how likely, each image draws} */
  public static RandomErasing randomErasing(Range factor) {
    return new RandomErasing(factor);
  }

  /** {@return the layer that joins nodes in the given way, to be named or set before it is used} */
  public static Merge merge(Merge.Kind kind) {
    return new Merge(kind);
  }

  /** {@return the layer that adds nodes, to be named or set before it is used} */
  public static Merge add() {
    return merge(Merge.Kind.ADD);
  }

  /** {@return the sum} */
  public static Node add(Node... nodes) {
    return merge(Merge.Kind.ADD).on(nodes);
  }

  /**
   * {@return the layer that subtracts the second node from the first, to be named or set before it
   * is used}
   */
  public static Merge subtract() {
    return merge(Merge.Kind.SUBTRACT);
  }

  /** {@return the first minus the second} */
  public static Node subtract(Node minuend, Node subtrahend) {
    return merge(Merge.Kind.SUBTRACT).on(minuend, subtrahend);
  }

  /** {@return the layer that multiplies nodes, to be named or set before it is used} */
  public static Merge multiply() {
    return merge(Merge.Kind.MULTIPLY);
  }

  /** {@return the product} */
  public static Node multiply(Node... nodes) {
    return merge(Merge.Kind.MULTIPLY).on(nodes);
  }

  /** {@return the layer that averages nodes, to be named or set before it is used} */
  public static Merge average() {
    return merge(Merge.Kind.AVERAGE);
  }

  /** {@return the mean of each element} */
  public static Node average(Node... nodes) {
    return merge(Merge.Kind.AVERAGE).on(nodes);
  }

  /**
   * {@return the layer that takes the larger of each element, to be named or set before it is used}
   */
  public static Merge maximum() {
    return merge(Merge.Kind.MAXIMUM);
  }

  /** {@return the larger of each element} */
  public static Node maximum(Node... nodes) {
    return merge(Merge.Kind.MAXIMUM).on(nodes);
  }

  /**
   * {@return the layer that takes the smaller of each element, to be named or set before it is
   * used}
   */
  public static Merge minimum() {
    return merge(Merge.Kind.MINIMUM);
  }

  /** {@return the smaller of each element} */
  public static Node minimum(Node... nodes) {
    return merge(Merge.Kind.MINIMUM).on(nodes);
  }

  /**
   * {@return the layer that puts nodes one behind another, to be named or set before it is used}
   */
  public static Merge concatenate() {
    return merge(Merge.Kind.CONCATENATE);
  }

  /** {@return the nodes one behind another along the last axis} */
  public static Node concatenate(Node... nodes) {
    return merge(Merge.Kind.CONCATENATE).on(nodes);
  }
}

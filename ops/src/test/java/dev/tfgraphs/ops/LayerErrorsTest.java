package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings and inputs that are not possible, and the words that say so. */
class LayerErrorsTest {
  private static final Node IMAGE = input(8, 8, 3);
  private static final Node ROW = input(3);

  private static Arguments refused(String message, Executable making) {
    return Arguments.of(message, making);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        refused("layer Conv2D: expected positive filters, received 0", () -> conv2D(0, 3)),
        refused(
            "layer Conv2D: expected positive kernel size, received (3, 0)", () -> conv2D(4, 3, 0)),
        refused(
            "layer Conv2D: expected positive strides, received (0, 1)",
            () -> conv2D(4, 3).strides(0, 1)),
        refused(
            "layer Conv2D: expected positive dilation rate, received (-1, -1)",
            () -> conv2D(4, 3).dilationRate(-1)),
        refused(
            "layer Conv2D: expected groups that divide the 4 filters, received 3",
            () -> conv2D(4, 3).groups(3)),
        refused(
            "layer Conv2D: expected groups that divide the 4 filters, received 0",
            () -> conv2D(4, 3).groups(0)),
        refused(
            "layer 'c' (Conv2D): expected strides or dilation, not both, received (2, 1) and (1,"
                + " 2)",
            () -> conv2D(4, 3).name("c").strides(2, 1).dilationRate(1, 2)),
        refused(
            "layer DepthwiseConv2D: expected positive kernel size, received (0, 0)",
            () -> depthwiseConv2D(0)),
        refused(
            "layer DepthwiseConv2D: expected a positive depth multiplier, received 0",
            () -> depthwiseConv2D(3).depthMultiplier(0)),
        refused(
            "layer DepthwiseConv2D: expected positive strides, received (0, 0)",
            () -> depthwiseConv2D(3).strides(0)),
        refused(
            "layer DepthwiseConv2D: expected positive dilation rate, received (0, 0)",
            () -> depthwiseConv2D(3).dilationRate(0)),
        refused(
            "layer DepthwiseConv2D: expected strides or dilation, not both, received (2, 2) and (2,"
                + " 2)",
            () -> depthwiseConv2D(3).dilationRate(2).strides(2)),
        refused(
            "layer Conv2DTranspose: expected positive filters, received -1",
            () -> conv2DTranspose(-1, 3)),
        refused(
            "layer Conv2DTranspose: expected positive kernel size, received (0, 3)",
            () -> conv2DTranspose(4, 0, 3)),
        refused(
            "layer Conv2DTranspose: expected positive strides, received (0, 0)",
            () -> conv2DTranspose(4, 3).strides(0)),
        refused(
            "layer Conv2DTranspose: expected positive dilation rate, received (0, 1)",
            () -> conv2DTranspose(4, 3).dilationRate(0, 1)),
        refused(
            "layer Conv2DTranspose: expected output padding of 0 or more, received (0, -1)",
            () -> conv2DTranspose(4, 3).outputPadding(0, -1)),
        refused(
            "layer Conv2DTranspose: expected strides or dilation, not both, received (2, 2) and (3,"
                + " 3)",
            () -> conv2DTranspose(4, 3).strides(2).dilationRate(3)),
        refused("layer Dense: expected positive units, received 0", () -> dense(0)),
        refused(
            "layer BatchNormalization: expected a momentum from 0 to 1, received 1.5",
            () -> batchNormalization().momentum(1.5)),
        refused(
            "layer BatchNormalization: expected a positive epsilon, received 0.0",
            () -> batchNormalization().epsilon(0)),
        refused(
            "layer ReLU: expected a maximum of 0 or more, received -1.0",
            () -> reLU().maxValue(-1)),
        refused(
            "layer ReLU: expected a negative slope of 0 or more, received -0.1",
            () -> reLU().negativeSlope(-0.1)),
        refused(
            "layer ReLU: expected a threshold of 0 or more, received NaN",
            () -> reLU().threshold(Double.NaN)),
        refused(
            "layer LeakyReLU: expected a negative slope of 0 or more, received -0.3",
            () -> leakyReLU().negativeSlope(-0.3)),
        refused(
            "layer MaxPooling2D: expected positive pool size, received (0, 0)",
            () -> maxPooling2D(0)),
        refused(
            "layer AveragePooling2D: expected positive strides, received (1, 0)",
            () -> averagePooling2D(2).strides(1, 0)),
        refused(
            "layer UpSampling2D: expected positive factors, received (2, 0)",
            () -> upSampling2D(2, 0)),
        refused(
            "layer ZeroPadding2D: expected padding of 0 or more, received ((0, 0), (-1, 0))",
            () -> zeroPadding2D(0, 0, -1, 0)),
        refused(
            "layer Cropping2D: expected cropping of 0 or more, received ((-2, -2), (1, 1))",
            () -> cropping2D(-2, 1)),
        refused(
            "shape: sizes must be 0 or more, or Shape.UNKNOWN, received -2", () -> reshape(4, -2)),
        refused(
            "layer Reshape: expected at most one size of -1, received [-1, 3, -1]",
            () -> reshape(-1, 3, -1)),
        refused(
            "layer Permute: expected each axis from 1 to 2 once, received [0, 1]",
            () -> permute(0, 1)),
        refused(
            "layer Permute: expected each axis from 1 to 3 once, received [1, 1, 2]",
            () -> permute(1, 1, 2)),
        refused("layer Flip: expected an axis other than the batch, received 0", () -> flip(0)),
        refused("layer Dropout: expected a rate from 0 to 1, received 1.01", () -> dropout(1.01)),
        refused(
            "layer Dropout: expected positive sizes of the noise, received (None, 0)",
            () -> dropout(0.5).noiseShape(-1, 0)),
        refused(
            "layer SpatialDropout2D: expected a rate from 0 to 1, received -0.5",
            () -> spatialDropout2D(-0.5)),
        refused(
            "layer GaussianNoise: expected a standard deviation from 0 to 1, received 2.0",
            () -> gaussianNoise(2)),
        refused(
            "layer Normalization: expected a normalization without given numbers, received mean"
                + " [1.0]",
            () -> normalization(1, 2).adapted(new double[] {0}, new double[] {1})),
        refused(
            "layer Normalization: expected as many means as variances, one or more, received 1 and"
                + " 2",
            () -> normalization().adapted(new double[1], new double[2])),
        refused(
            "layer Normalization: expected as many means as variances, one or more, received 2 and"
                + " 1",
            () -> normalization(new double[] {1, 2}, new double[] {1})),
        refused(
            "layer Normalization: expected as many means as variances, one or more, received 0 and"
                + " 0",
            () -> normalization(new double[0], new double[0])),
        refused(
            "layer Normalization: expected finite variances of 0 or more, received -1.0",
            () -> normalization(0, -1)),
        refused("layer Add: expected no axis, received 1", () -> merge(Merge.Kind.ADD).axis(1)),
        refused(
            "layer Concatenate: expected an axis other than the batch, received 0",
            () -> merge(Merge.Kind.CONCATENATE).axis(0)),
        refused(
            "layer Flatten: expected a name of letters, digits, '_', '.' and '-', not starting with"
                + " '_' or '-', received 'a b'",
            () -> flatten().name("a b")),
        refused(
            "layer Flatten: expected a name of letters, digits, '_', '.' and '-', not starting with"
                + " '_' or '-', received ''",
            () -> flatten().name("")),
        refused(
            "layer Flatten: expected a name of letters, digits, '_', '.' and '-', not starting with"
                + " '_' or '-', received '_x'",
            () -> flatten().name("_x")),
        refused(
            "layer InputLayer: expected a name of letters, digits, '_', '.' and '-', not starting"
                + " with '_' or '-', received 'a/b'",
            () -> input("a/b", 3)),
        refused("shape: sizes must be 0 or more, or Shape.UNKNOWN, received -5", () -> input(-5)),
        refused(
            "shape: expected known sizes, received (None, 3)", () -> Shape.of(-1, 3).elements()),
        refused(
            "initializer: VarianceScaling expects a positive finite scale, received 0.0",
            () ->
                Initializer.varianceScaling(
                    0, Initializer.Fan.IN, Initializer.Distribution.UNIFORM)),
        refused(
            "initializer: VarianceScaling expects a positive finite scale, received Infinity",
            () ->
                Initializer.varianceScaling(
                    1 / 0.0, Initializer.Fan.IN, Initializer.Distribution.UNIFORM)),
        refused(
            "initializer: RandomNormal expects a finite mean and a finite deviation of 0 or more,"
                + " received 0.0 and -1.0",
            () -> Initializer.randomNormal(0, -1)),
        refused(
            "initializer: TruncatedNormal expects a finite mean and a finite deviation of 0 or"
                + " more, received NaN and 1.0",
            () -> Initializer.truncatedNormal(Double.NaN, 1)),
        refused(
            "initializer: RandomUniform expects finite numbers, the smaller first, received 1.0 and"
                + " -1.0",
            () -> Initializer.randomUniform(1, -1)),
        refused(
            "initializer: Constant expects a finite value, received NaN",
            () -> Initializer.constant(Double.NaN)),
        refused(
            "initializer: Identity expects a finite gain, received Infinity",
            () -> Initializer.identity(1 / 0.0)),
        refused(
            "initializer: Orthogonal expects a finite gain, received NaN",
            () -> Initializer.orthogonal(Double.NaN)),
        refused(
            "layer Rescaling: expected a finite scale, received NaN", () -> rescaling(Double.NaN)),
        refused(
            "layer Rescaling: expected a finite offset, received Infinity",
            () -> rescaling(1).offset(Double.POSITIVE_INFINITY)),
        refused(
            "layer Normalization: expected finite means, received NaN",
            () -> normalization(Double.NaN, 1)),
        refused(
            "layer Normalization: expected finite variances of 0 or more, received Infinity",
            () -> normalization(0, Double.POSITIVE_INFINITY)),
        refused(
            "weight: expected a name of letters, digits, '_', '.' and '-', not starting with '_' or"
                + " '-', received 'a/b'",
            () -> WeightSpec.trainable("a/b", Shape.of(1), Initializer.ones())),
        refused(
            "weight 'w': expected known sizes, received (None, 3)",
            () -> WeightSpec.tracked("w", Shape.of(-1, 3), Initializer.ones())),
        refused("shape: expected an axis of (2, 3), received 2", () -> Shape.of(2, 3).size(2)),
        refused("shape: expected an axis of (2, 3), received -3", () -> Shape.of(2, 3).size(-3)),
        refused("shape: expected an axis of (), received 0", () -> Shape.of().with(0, 1)),
        refused(
            "shape: expected fewer than 9223372036854775807 elements, received (2147483647,"
                + " 2147483647, 3)",
            () -> Shape.of(2147483647, 2147483647, 3).elements()),
        refused(
            "regularizer: factors must be finite and 0 or more, received l1=0.0 and l2=-0.1",
            () -> Regularizer.l2(-0.1)),
        refused(
            "regularizer: factors must be finite and 0 or more, received l1=Infinity and l2=0.0",
            () -> Regularizer.l1(Double.POSITIVE_INFINITY)),
        refused(
            "regularizer: the factor must be finite and 0 or more, received NaN",
            () -> Regularizer.orthogonal(Double.NaN, Regularizer.Vectors.ROWS)),
        refused("constraint: expected an axis, received none", () -> Constraint.maxNorm(2)),
        refused(
            "constraint: expected every axis once, received [0, 1, 0]",
            () -> Constraint.unitNorm(0, 1, 0)),
        refused(
            "constraint: expected finite norms of 0 or more, the smaller first, received 0.0 and"
                + " -1.0",
            () -> Constraint.maxNorm(-1, 0)),
        refused(
            "constraint: expected finite norms of 0 or more, the smaller first, received 2.0 and"
                + " 1.0",
            () -> Constraint.minMaxNorm(2, 1, 1, 0)),
        refused(
            "constraint: expected a rate from 0 to 1, received 1.5",
            () -> Constraint.minMaxNorm(0, 1, 1.5, 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void aWrongSettingIsRefusedWhenItIsMade(String message, Executable making) {
    assertEquals(message, assertThrows(ModelException.class, making).getMessage());
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        refused(
            "layer Conv2D: expected an input (batch, height, width, channels), received (None, 3)",
            () -> conv2D(4, 3).on(ROW)),
        refused(
            "layer Conv2D: expected an input with a known number of channels, received (None, 8, 8,"
                + " None)",
            () -> conv2D(4, 3).on(input(8, 8, Shape.UNKNOWN))),
        refused(
            "layer Conv2D: expected one input, received 2 inputs",
            () -> conv2D(4, 3).on(IMAGE, IMAGE)),
        refused("layer Conv2D: expected one input, received 0 inputs", () -> conv2D(4, 3).on()),
        refused(
            "layer Conv2D: expected channels that 2 groups divide, received (None, 8, 8, 3)",
            () -> conv2D(4, 3).groups(2).on(IMAGE)),
        refused(
            "layer Conv2D: expected an input that the window (9, 9) fits in, received (None, 8, 8,"
                + " 3)",
            () -> conv2D(4, 5).dilationRate(2).on(IMAGE)),
        refused(
            "layer DepthwiseConv2D: expected an input that the window (1, 9) fits in, received"
                + " (None, 8, 8, 3)",
            () -> depthwiseConv2D(1, 9).on(IMAGE)),
        refused(
            "layer Conv2DTranspose: expected output padding below the strides (2, 2), received (1,"
                + " 2)",
            () -> conv2DTranspose(4, 3).outputPadding(1, 2).strides(2).on(IMAGE)),
        refused(
            "layer Conv2DTranspose: expected an input that is not empty, received (None, 0, 8, 3)",
            () -> conv2DTranspose(4, 3).on(input(0, 8, 3))),
        refused(
            "layer Conv2DTranspose: expected an input that gives a result that is not empty,"
                + " received (None, 1, 1, 3)",
            () ->
                conv2DTranspose(4, 2)
                    .padding(Padding.SAME)
                    .strides(2)
                    .outputPadding(0)
                    .on(input(1, 1, 3))),
        refused(
            "layer Dense: expected an input of rank 2 or more, received (None,)",
            () -> dense(2).on(input())),
        refused(
            "layer Dense: expected an input whose last size is known, received (None, None)",
            () -> dense(2).on(input(Shape.UNKNOWN))),
        refused(
            "layer BatchNormalization: expected an input that has axis 4, received (None, 8, 8, 3)",
            () -> batchNormalization().axis(4).on(IMAGE)),
        refused(
            "layer BatchNormalization: expected an input whose size at axis 1 is known, received"
                + " (None, None, 3)",
            () -> batchNormalization().axis(1).on(input(Shape.UNKNOWN, 3))),
        refused(
            "layer Softmax: expected an input that has axis 2, received (None, 3)",
            () -> softmax().axis(2).on(ROW)),
        refused(
            "layer MaxPooling2D: expected an input that the window (9, 1) fits in, received (None,"
                + " 8, 8, 3)",
            () -> maxPooling2D(9, 1).on(IMAGE)),
        refused(
            "layer Cropping2D: expected an input larger than the cropping ((4, 4), (0, 0)),"
                + " received (None, 8, 8, 3)",
            () -> cropping2D(4, 0).on(IMAGE)),
        refused(
            "layer Reshape: expected an input with as many elements as (4, 4), received (None, 8,"
                + " 8, 3)",
            () -> reshape(4, 4).on(IMAGE)),
        refused(
            "layer Reshape: expected an input whose elements fill (None, 5), received (None, 8, 8,"
                + " 3)",
            () -> reshape(-1, 5).on(IMAGE)),
        refused(
            "layer Reshape: expected an input whose elements fill (None, 0), received (None, 8, 8,"
                + " 3)",
            () -> reshape(-1, 0).on(IMAGE)),
        refused(
            "layer Permute: expected an input of rank 4, received (None, 3)",
            () -> permute(3, 1, 2).on(ROW)),
        refused(
            "layer Flip: expected an input that has axis 2 behind the batch, received (None, 3)",
            () -> flip(2).on(ROW)),
        refused(
            "layer Flip: expected an input that has axis -2 behind the batch, received (None, 3)",
            () -> flip(-2).on(ROW)),
        refused(
            "layer Dropout: expected an input for noise (None, 2), received (None, 3)",
            () -> dropout(0.5).noiseShape(-1, 2).on(ROW)),
        refused(
            "layer Dropout: expected an input for noise (None, 1, 1), received (None, 3)",
            () -> dropout(0.5).noiseShape(-1, 1, 1).on(ROW)),
        refused(
            "layer SpatialDropout2D: expected an input (batch, height, width, channels), received"
                + " (None, 3)",
            () -> spatialDropout2D(0.5).on(ROW)),
        refused(
            "layer Normalization: expected an input of size 2 at axis -1, received (None, 3)",
            () -> normalization(new double[] {1, 2}, new double[] {1, 1}).on(ROW)),
        refused(
            "layer Normalization: expected an input that has axis 2, received (None, 3)",
            () -> normalization(0, 1).axis(2).on(ROW)),
        refused(
            "layer Normalization: expected an input whose size at axis -1 is known, received (None,"
                + " None)",
            () -> normalization(0, 1).on(input(Shape.UNKNOWN))),
        refused(
            "layer Add: expected two inputs or more, received 1",
            () -> merge(Merge.Kind.ADD).on(IMAGE)),
        refused(
            "layer Subtract: expected two inputs, received 3",
            () -> merge(Merge.Kind.SUBTRACT).on(IMAGE, IMAGE, IMAGE)),
        refused(
            "layer 'sum' (Add): expected inputs of one shape, received (None, 8, 8, 3) and (None,"
                + " 4, 4, 3)",
            () -> merge(Merge.Kind.ADD).name("sum").on(IMAGE, input(4, 4, 3))),
        refused(
            "layer Multiply: expected inputs of one shape, received (None, 8, 8, 3) and (None, 4)",
            () -> merge(Merge.Kind.MULTIPLY).on(IMAGE, input(4))),
        refused(
            "layer Concatenate: expected inputs that have axis 4, received (None, 8, 8, 3)",
            () -> merge(Merge.Kind.CONCATENATE).axis(4).on(IMAGE, IMAGE)),
        refused(
            "layer Concatenate: expected inputs of one rank, received (None, 8, 8, 3) and (None,"
                + " 3)",
            () -> merge(Merge.Kind.CONCATENATE).on(IMAGE, ROW)),
        refused(
            "layer Concatenate: expected inputs of one shape except at axis -1, received (None, 8,"
                + " 8, 3) and (None, 4, 8, 3)",
            () -> merge(Merge.Kind.CONCATENATE).on(IMAGE, input(4, 8, 3))),
        refused(
            "layer 'backbone' (Functional): expected an input (None, 16, 16, 3), received (None, 8,"
                + " 8, 3)",
            () -> Networks.backbone().on(IMAGE)),
        refused(
            "layer 'backbone' (Functional): expected 1 inputs, received 2 inputs",
            () -> Networks.backbone().on(IMAGE, IMAGE)),
        refused(
            "layer Functional: expected a layer with one output (use Model.call for several),"
                + " received 2 outputs",
            () -> Networks.multipleInputsOutputs().on(IMAGE, input(5))));
  }

  static Stream<Arguments> preprocessing() {
    double nan = Double.NaN;
    return Stream.of(
        refused(
            "range: expected finite bounds, the lower first, received (0.5, -0.5)",
            () -> Range.of(0.5, -0.5)),
        refused(
            "range: expected finite bounds, the lower first, received (NaN, 1.0)",
            () -> Range.of(nan, 1)),
        refused(
            "range: expected finite bounds, the lower first, received (0.0, Infinity)",
            () -> Range.of(0, Double.POSITIVE_INFINITY)),
        refused(
            "layer Resizing: expected positive height and width, received (0, 4)",
            () -> resizing(0, 4)),
        refused(
            "layer 's' (Resizing): expected images that are cropped or padded to the aspect ratio,"
                + " received both",
            () -> resizing(4, 4).name("s").cropToAspectRatio(true).padToAspectRatio(true)),
        refused(
            "layer Resizing: expected a finite fill value, received NaN",
            () -> resizing(4, 4).fillValue(nan)),
        refused(
            "layer CenterCrop: expected positive height and width, received (4, -1)",
            () -> centerCrop(4, -1)),
        refused(
            "layer RandomCrop: expected positive height and width, received (0, 0)",
            () -> randomCrop(0, 0)),
        refused(
            "layer RandomRotation: expected a factor from -1.0 to 1.0, received 1.5",
            () -> randomRotation(1.5)),
        refused(
            "layer RandomRotation: expected a factor from -1.0 to 1.0, received NaN",
            () -> randomRotation(nan)),
        refused(
            "layer RandomRotation: expected a factor from -1.0 to 1.0, received (-2.0, 0.0)",
            () -> randomRotation(Range.of(-2, 0))),
        refused(
            "layer RandomRotation: expected a finite fill value, received NaN",
            () -> randomRotation(0.1).fillValue(nan)),
        refused(
            "layer UpSampling2D: expected the interpolation NEAREST or BILINEAR, received AREA",
            () -> upSampling2D(2).interpolation(Interpolation.AREA)),
        refused(
            "layer 'turn' (RandomRotation): expected the interpolation NEAREST or BILINEAR,"
                + " received BICUBIC",
            () -> randomRotation(0.1).name("turn").interpolation(Interpolation.BICUBIC)),
        refused(
            "layer RandomZoom: expected a factor above -1.0 and up to 1.0, received -1.0",
            () -> randomZoom(-1)),
        refused(
            "layer RandomZoom: expected a factor above -1.0 and up to 1.0, received (0.0, 1.5)",
            () -> randomZoom(Range.of(0, 1.5))),
        refused(
            "layer RandomZoom: expected a height factor above -1.0 and up to 1.0, received 2.0",
            () -> randomZoom(2, 0)),
        refused(
            "layer RandomZoom: expected a width factor above -1.0 and up to 1.0, received (-1.0,"
                + " 0.0)",
            () -> randomZoom(Range.of(0, 0), Range.of(-1, 0))),
        refused(
            "layer RandomTranslation: expected a height factor from -1.0 to 1.0, received 1.25",
            () -> randomTranslation(1.25, 0)),
        refused(
            "layer RandomTranslation: expected a width factor from -1.0 to 1.0, received (0.0,"
                + " 2.0)",
            () -> randomTranslation(Range.of(0, 0), Range.of(0, 2))),
        refused(
            "layer RandomContrast: expected a factor from 0.0 to 1.0, received -0.5",
            () -> randomContrast(-0.5)),
        refused(
            "layer RandomContrast: expected a factor from 0.0 to 1.0, received (0.5, 1.5)",
            () -> randomContrast(Range.of(0.5, 1.5))),
        refused(
            "range: expected finite bounds, the lower first, received (255.0, 0.0)",
            () -> randomContrast(0.5).valueRange(255, 0)),
        refused(
            "layer RandomBrightness: expected a factor from -1.0 to 1.0, received -1.5",
            () -> randomBrightness(-1.5)),
        refused(
            "range: expected finite bounds, the lower first, received (1.0, 0.0)",
            () -> randomBrightness(0.5).valueRange(1, 0)),
        refused(
            "layer RandomErasing: expected a factor from 0.0 to 1.0, received 2.0",
            () -> randomErasing(2)),
        refused(
            "layer RandomErasing: expected a scale from 0.0 to 1.0, received (0.5, 1.25)",
            () -> randomErasing().scale(0.5, 1.25)),
        refused(
            "layer RandomErasing: expected finite fill values, one or more, received []",
            () -> randomErasing().fillValue(new double[0])),
        refused(
            "layer RandomErasing: expected finite fill values, one or more, received [1.0, NaN]",
            () -> randomErasing().fillValue(1, nan)),
        refused(
            "layer RandomErasing: expected an input of 2 channels, one for each fill value,"
                + " received (None, 8, 8, 3)",
            () -> randomErasing().fillValue(1, 2).on(IMAGE)),
        refused(
            "layer RandomCrop: expected an input of known height and width, received (None, None,"
                + " 8, 3)",
            () -> randomCrop(4, 4).on(input(Shape.UNKNOWN, 8, 3))),
        refused(
            "layer RandomFlip: expected an input (batch, height, width, channels), received (None,"
                + " 3)",
            () -> randomFlip().on(ROW)),
        refused(
            "layer Resizing: expected an input with a known number of channels, received (None, 8,"
                + " 8, None)",
            () -> resizing(4, 4).on(input(8, 8, Shape.UNKNOWN))),
        refused(
            "layer Normalization: expected an input of size 2 at axes [1, -1], received (None, 8,"
                + " 8, 3)",
            () -> normalization(new double[2], new double[2]).axis(1, -1).on(IMAGE)),
        refused(
            "initializer: Values expects finite numbers, received NaN",
            () -> Initializer.values(1, nan)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("preprocessing")
  void preprocessingThatIsNotPossibleIsRefused(String message, Executable making) {
    assertEquals(message, assertThrows(ModelException.class, making).getMessage());
  }

  private static Arguments tooLarge(String layer, long size, Executable composing) {
    return refused(
        "layer " + layer + ": expected sizes up to 2147483647, received " + size, composing);
  }

  static Stream<Arguments> weights() {
    Node row = input(4);
    return Stream.of(
        refused(
            "layer 'c' (Conv2D): expected a weight 'kernel' of rank 2 for an identity, received (3,"
                + " 3, 3, 2)",
            () -> conv2D(2, 3).kernelInitializer(Initializer.identity(1)).name("c").on(IMAGE)),
        refused(
            "layer 'd' (Dense): expected a weight 'bias' of rank 2 or more for an orthogonal"
                + " matrix, received (5,)",
            () -> dense(5).biasInitializer(Initializer.orthogonal(1)).name("d").on(row)),
        refused(
            "layer Conv2D: expected a weight 'kernel' of rank 2 with two vectors or more for an"
                + " orthogonal regularizer, received (1, 1, 3, 2)",
            () ->
                conv2D(2, 1)
                    .kernelRegularizer(Regularizer.orthogonal(0.1, Regularizer.Vectors.ROWS))
                    .on(IMAGE)),
        refused(
            "layer Dense: expected a weight 'kernel' of rank 2 with two vectors or more for an"
                + " orthogonal regularizer, received (4, 1)",
            () ->
                dense(1)
                    .kernelRegularizer(Regularizer.orthogonal(0.1, Regularizer.Vectors.COLUMNS))
                    .on(row)),
        refused(
            "layer Dense: expected a result of rank 2 with two vectors or more, their number known,"
                + " for an orthogonal regularizer, received (None, 3)",
            () ->
                dense(3)
                    .activityRegularizer(Regularizer.orthogonal(0.1, Regularizer.Vectors.ROWS))
                    .on(row)),
        refused(
            "layer BatchNormalization: expected a weight 'gamma' of axes [1] for its norms,"
                + " received (4,)",
            () -> batchNormalization().gammaConstraint(Constraint.unitNorm(1)).on(row)),
        refused(
            "layer Dense: expected a weight 'kernel' of axes [1, -1] for its norms, received (4,"
                + " 3)",
            () -> dense(3).kernelConstraint(Constraint.maxNorm(1, 1, -1)).on(row)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("weights")
  void aSettingThatDoesNotFitTheWeightIsRefused(String message, Executable composing) {
    assertEquals(message, assertThrows(ModelException.class, composing).getMessage());
  }

  static Stream<Arguments> sizes() {
    Node wide = input(70000, 70000, 1);
    int most = Integer.MAX_VALUE;
    return Stream.of(
        tooLarge("UpSampling2D", 4587520000L, () -> upSampling2D(65536).on(wide)),
        tooLarge(
            "ZeroPadding2D",
            4000000008L,
            () -> zeroPadding2D(2000000000, 2000000000, 0, 0).on(IMAGE)),
        tooLarge("Conv2D", 4000000001L, () -> conv2D(1, 3).dilationRate(2000000000).on(IMAGE)),
        tooLarge(
            "DepthwiseConv2D",
            4295032832L,
            () -> depthwiseConv2D(1).depthMultiplier(65537).on(input(8, 8, 65536))),
        tooLarge("Flatten", 4900000000L, () -> flatten().on(wide)),
        tooLarge("Reshape", 4900000000L, () -> reshape(-1).on(wide)),
        tooLarge("Concatenate", 2147483648L, () -> concatenate(input(most), input(1))),
        tooLarge(
            "Conv2DTranspose", 4900000000L, () -> conv2DTranspose(1, 1).strides(70000).on(wide)),
        tooLarge(
            "Conv2DTranspose",
            4900000000L,
            () -> conv2DTranspose(1, 1).padding(Padding.SAME).strides(70000).on(wide)),
        refused(
            "layer Cropping2D: expected an input larger than the cropping ((2000000000,"
                + " 2000000000), (0, 0)), received (None, 8, 8, 3)",
            () -> cropping2D(2000000000, 2000000000, 0, 0).on(IMAGE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sizes")
  void aSizeThatNoTensorHasIsRefused(String message, Executable composing) {
    assertEquals(message, assertThrows(ModelException.class, composing).getMessage());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void aWrongInputIsRefusedWhereItIsComposed(String message, Executable composing) {
    assertEquals(message, assertThrows(ModelException.class, composing).getMessage());
  }
}

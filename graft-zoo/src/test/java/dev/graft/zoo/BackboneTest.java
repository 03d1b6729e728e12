package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.layers.MaxPooling2D;
import dev.graft.model.Model;
import dev.graft.model.Program;
import dev.graft.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every architecture keeps: its three models, its stages, the time it takes to draw. */
@Tag("slow")
class BackboneTest {
    /** The least that all take, in whole patches. */
    private static final int SIZE = 96;

    private static final long LONGEST_NANOS = 50_000_000;

    static Stream<String> names() {
        return Zoo.all().stream().map(Pretrained::name);
    }

    private static Shape output(Model model) {
        return model.outputs().get(0).shape();
    }

    @ParameterizedTest
    @CsvSource({
        "mobilenet_v3_small, 224, 576 7 7, 1024",
        "mobilenet_v2, 224, 1280 7 7, 1280",
        "mobilenet_v2, 96, 1280 3 3, 1280",
        "resnet18, 224, 512 7 7, 512",
        "resnet50, 224, 2048 7 7, 2048",
        "efficientnet_v2_s, 384, 1280 12 12, 1280",
        "vgg16, 224, 512 7 7, 4096",
        "vgg16, 150, 512 4 4, 4096",
        "mobilenet_v3_large, 224, 960 7 7, 1280",
        "resnext50_32x4d, 224, 2048 7 7, 2048",
        "efficientnet_b0, 224, 1280 7 7, 1280",
        "efficientnet_b7, 600, 2560 19 19, 2560",
        "densenet121, 224, 1024 7 7, 1024",
        "inception_v3, 299, 2048 8 8, 2048",
        "inception_v3, 75, 2048 1 1, 2048",
        "convnext_tiny, 224, 768 7 7, 768",
        "vit_b_16, 224, 197 768, 768",
        "vit_b_16, 384, 577 768, 768",
        "xception, 299, 2048 10 10, 2048",
        "xception, 150, 2048 5 5, 2048"
    })
    void itEndsInAFeatureMapInFeaturesOrInLogits(String name, int size, String map, int units) {
        Backbone backbone = Zoo.pretrained(name).backbone(size);
        int[] sizes = Stream.of(map.split(" ")).mapToInt(Integer::parseInt).toArray();
        assertThat(output(backbone.withoutTop())).isEqualTo(Shape.batchOf(sizes));
        assertThat(output(backbone.model())).isEqualTo(Shape.batchOf(units));
        assertThat(output(backbone.withTop(7))).isEqualTo(Shape.batchOf(7));
        assertThat(backbone.withTop(7).outputs().get(0).name()).isEqualTo(backbone.classifier());
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachModelHasTheWeightsOfTheSmallerOnes(String name) {
        Backbone backbone = Zoo.pretrained(name).backbone(SIZE);
        // Other weights of a network have something after its name.
        assertThat(name).startsWith(backbone.model().name());
        List<String> map = weights(backbone.withoutTop());
        List<String> features = weights(backbone.model());
        List<String> whole = weights(backbone.withTop(2));
        assertThat(features).startsWith(map.toArray(String[]::new));
        assertThat(whole).startsWith(features.toArray(String[]::new)).hasSize(features.size() + 2);
    }

    private static List<String> weights(Model model) {
        return List.copyOf(Program.of(model).weights().keySet());
    }

    /** So that from each on, one more stage trains than from the next, and from the first all. */
    @ParameterizedTest
    @MethodSource("names")
    void stagesBeginOneAfterTheOtherAtTheFirstLayerWithWeights(String name) {
        Backbone backbone = Zoo.pretrained(name).backbone(SIZE);
        List<String> layers = Program.of(backbone.model()).steps().stream()
                .filter(step -> !step.weights().isEmpty())
                .map(Program.Step::path)
                .toList();
        List<Integer> begins = new ArrayList<>();
        for (Stage stage : backbone.stages()) {
            begins.add(IntStream.range(0, layers.size())
                    .filter(layer -> stage.beginsWith(layers.get(layer)))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(begins).hasSizeGreaterThanOrEqualTo(5).isSorted().doesNotHaveDuplicates();
        assertThat(begins.get(0)).isZero();
        assertThat(backbone.stages().stream().map(Stage::name))
                .doesNotHaveDuplicates()
                .contains(backbone.tunedFrom());
    }

    @ParameterizedTest
    @CsvSource({
        "resnet50, conv1 layer1 layer2 layer3 layer4",
        "densenet121, conv0 denseblock1 denseblock2 denseblock3 denseblock4",
        "vgg16_bn, block1 block2 block3 block4 block5 fc1 fc2",
        "efficientnet_v2_s, features.0 features.1 features.2 features.3 features.4 features.5 features.6 features.7"
    })
    void stagesHaveNamesThatUsersKnow(String name, String stages) {
        assertThat(Zoo.pretrained(name).backbone(SIZE).stages().stream().map(Stage::name))
                .containsExactly(stages.split(" "));
    }

    /** Keras calls the pooling before them block1_pool to block4_pool. */
    @ParameterizedTest
    @CsvSource({
        "vgg16, features.0 features.5 features.10 features.17 features.24",
        "vgg16_bn, features.0 features.7 features.14 features.24 features.34",
        "vgg19, features.0 features.5 features.10 features.19 features.28"
    })
    void theBlocksOfVggBeginBehindAPooling(String name, String firsts) {
        Backbone backbone = Zoo.pretrained(name).backbone(224);
        assertThat(backbone.stages().subList(0, 5).stream().map(Stage::first)).containsExactly(firsts.split(" "));
        List<Program.Step> steps = Program.of(backbone.model()).steps();
        List<String> layers = steps.stream().map(Program.Step::path).toList();
        for (Stage stage : backbone.stages().subList(1, 5)) {
            assertThat(steps.get(layers.indexOf(stage.first()) - 1).layer()).isEqualTo(MaxPooling2D.of(2));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void drawingTakesUnder50Milliseconds(String name) {
        Pretrained pretrained = Zoo.pretrained(name);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            pretrained.backbone(pretrained.geometry().size()).withTop(1000);
            best = Math.min(best, System.nanoTime() - begun);
        }
        assertThat(best).isLessThan(LONGEST_NANOS);
    }

    @Test
    void picturesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Zoo.pretrained("vit_b_16").backbone(100))
                .isInstanceOf(GraftException.class)
                .hasMessage("vit_b_16: expected square pictures whose side is a multiple of 16 pixels, got 100x100;"
                        + " take 112 (image-size)");
        assertThatThrownBy(() -> Zoo.pretrained("vgg16").backbone(16))
                .isInstanceOf(GraftException.class)
                .hasMessageContaining("MaxPooling2D 'features.30': expected an input of at least 2x2 pixels")
                .hasMessageContaining("use larger pictures or cut the network earlier");
    }
}

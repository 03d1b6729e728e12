package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.GlobalAveragePooling2D;
import dev.graft.model.Model;
import dev.graft.model.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No record of the zoo goes without a reference, and no reference lies there for nothing. */
class ZooReferencesTest {
    static Stream<Pretrained> records() {
        return Zoo.all().stream();
    }

    static Stream<Family> families() {
        return Zoo.families().stream();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyNetworkIsComparedWithItsOriginal(Pretrained each) {
        Stream<JsonNode> facts = Stream.of(
                ZooReferences.TORCHVISION, ZooReferences.KERAS, ZooReferences.KERAS_LAYERS, ZooReferences.TIMM);
        assertThat(facts.anyMatch(file -> ZooReferences.of(each, file).isPresent())
                        || ZooReferences.numbers(each).isPresent())
                .as(() -> ZooReferences.missing(each))
                .isTrue();
    }

    /** Keras' table has no more than accuracies, and not of these files. */
    @ParameterizedTest
    @MethodSource("records")
    void whatIsSaidOfWeightsIsComparedWithWhatTheirPublisherSays(Pretrained each) {
        if (each.source() instanceof WeightSource.Published source) {
            assertThat(isSaid(each, source))
                    .as(
                            "nothing says how %s prepares pictures for %s; run tools/reference/zoo.py for zoo_published.json"
                                    + " of torchvision, write it into zoo_timm.json of timm",
                            source.publisher(), source.file())
                    .isTrue();
        }
    }

    private static boolean isSaid(Pretrained each, WeightSource.Published source) {
        return switch (source.publisher()) {
            case Torchvision.NAME -> ZooReferences.TORCHVISION_FILES.has(source.file());
            case Timm.NAME -> ZooReferences.TIMM.has(each.name());
            default -> source.publisher().equals(Keras.NAME);
        };
    }

    /** Of each family, and of each definition of it, one network at least. */
    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyIsComparedByNumbers(Family family) {
        Map<Boolean, List<Pretrained>> definitions = family.published().stream()
                .collect(Collectors.partitioningBy(
                        each -> ZooReferences.network(each).contains(Keras.SUFFIX)));
        definitions.values().stream().filter(records -> !records.isEmpty()).forEach(records -> assertThat(
                        records.stream().anyMatch(each -> ZooReferences.numbers(each)
                                        .isPresent())
                                || ZooCase.smaller(family).findAny().isPresent())
                .as(
                        "no numbers of %s are stored; add one of %s to NETWORKS of tools/reference/zoo_networks.py, or of"
                                + " keras_mobile.py, and commit the zoo_NAME.json that zoo.py makes",
                        family.name(),
                        records.stream().map(ZooReferences::network).distinct().toList())
                .isTrue());
    }

    /** A name that no record has any more is a reference that no test reads. */
    @Test
    void everyReferenceIsOfARecord() {
        Stream.of(ZooReferences.TORCHVISION, ZooReferences.KERAS, ZooReferences.KERAS_LAYERS, ZooReferences.TIMM)
                .forEach(file -> {
                    Set<String> names = new TreeSet<>();
                    file.fieldNames().forEachRemaining(names::add);
                    // MobileNetV2 of other widths, which torchvision defines and does not publish.
                    names.removeIf(name -> name.contains(" x "));
                    assertThat(names)
                            .isEqualTo(new TreeSet<>(ZooReferences.known(file).keySet()));
                });
    }

    @Test
    void aRecordWithoutReferenceIsToldWhatToAdd() {
        Pretrained unknown =
                Torchvision.weights("Unknown", "unknown_net-01234567.pth", 1, ZooReferencesTest::ofOneLayer);
        assertThat(ZooReferences.of(unknown, ZooReferences.TORCHVISION)).isEmpty();
        assertThat(ZooReferences.numbers(unknown)).isEmpty();
        assertThat(ZooReferences.missing(unknown))
                .isEqualTo("no reference says what the network 'unknown_net' of the record 'unknown_net' is; add it to"
                        + " VARIANTS of tools/reference/zoo_networks.py, run zoo.py, and commit zoo_state_dicts.json and"
                        + " zoo_published.json");
    }

    private static Backbone ofOneLayer(Node input) {
        Node features = input.then("pool", GlobalAveragePooling2D.of());
        return Backbone.of(Model.of("unknown_net", input, features), features, List.of(Stage.of("pool")), "fc");
    }
}

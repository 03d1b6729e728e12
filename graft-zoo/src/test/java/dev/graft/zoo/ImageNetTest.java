package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImageNetTest {
    private static final Path SHARED = Path.of(System.getenv()
            .getOrDefault("GRAFT_SHARED", Path.of("..", "..", "shared").toString()));

    @Test
    void thereAreAThousandClasses() {
        assertThat(ImageNet.classes()).hasSize(1000).doesNotHaveDuplicates().noneMatch(String::isBlank);
        assertThat(ImageNet.classes().get(0)).isEqualTo("tench");
        assertThat(ImageNet.classes().get(281)).isEqualTo("tabby");
        assertThat(ImageNet.classes().get(999)).isEqualTo("toilet tissue");
    }

    /** Photographs called by number and name of their class, by somebody else. */
    @Test
    void numbersBelongToNames() throws IOException {
        Path samples = SHARED.resolve("data/imagenet_samples");
        assumeTrue(Files.isDirectory(samples), "NOT TESTED, no sample photographs at " + SHARED);
        try (Stream<Path> files = Files.list(samples)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".jpg"))
                    .toList();
            assertThat(names).hasSize(57).allSatisfy(file -> {
                String name = file.replaceFirst("\\d+_n\\d+_(.*)\\.jpg", "$1").replaceAll("[_'-]", " ");
                String ours = ImageNet.classes().get(Integer.parseInt(file.substring(0, 3)));
                assertThat(ours.toLowerCase(Locale.ROOT).replaceAll("['-]", " "))
                        .isEqualTo(name.toLowerCase(Locale.ROOT));
            });
        }
    }

    @Test
    void weightsThatKnowOtherClassesNameNone() {
        assertThat(Zoo.pretrained(Zoo.DEFAULT).classes()).isEmpty();
        assertThat(Zoo.pretrained("resnet50").classes()).isEqualTo(ImageNet.classes());
    }
}

package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every odd picture is read as it should be, or refused with a reason of its own. */
@Tag("slow")
class OddPicturesTest {
    private static final PictureReader READER = PictureReader.of(InputGeometry.stretch(32));

    static Stream<OddPicture> pictures() {
        return OddPictures.all().stream();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void isReadOrRefusedForItsOwnReason(OddPicture picture) throws UnreadablePictureException {
        if (picture.isRefused()) {
            assertThatThrownBy(() -> TestPictures.read(READER, picture.bytes(), View.plain()))
                    .isInstanceOf(UnreadablePictureException.class)
                    .hasMessageContaining(picture.reason());
            return;
        }
        float[] pixels = TestPictures.read(READER, picture.bytes(), View.plain());
        float[] right = TestPictures.read(READER, picture.reference(), View.plain());
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            sum += Math.abs(pixels[i] - right[i]);
        }
        assertThat(sum / pixels.length).isLessThanOrEqualTo(picture.tolerance());
    }

    @Test
    void thereAreThreeHundredWithNamesOfTheirOwn() {
        List<String> names = pictures().map(OddPicture::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(300);
    }

    /** Writes them to the folder that GRAFT_ODD_PICTURES names, to be looked at with other programs. */
    @Test
    void areWrittenWhereAskedFor() throws IOException {
        String folder = System.getenv("GRAFT_ODD_PICTURES");
        org.junit.jupiter.api.Assumptions.assumeTrue(folder != null, "only where GRAFT_ODD_PICTURES is set");
        Path out = Files.createDirectories(Path.of(folder));
        for (OddPicture picture : OddPictures.all()) {
            Files.write(out.resolve(picture.name()), picture.bytes());
            if (!picture.isRefused()) {
                Files.write(out.resolve(picture.name() + ".ppm"), picture.reference());
            }
        }
    }
}

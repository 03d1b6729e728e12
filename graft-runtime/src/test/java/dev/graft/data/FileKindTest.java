package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {
    /** Bytes beyond ASCII stand in the table as the characters of Latin-1. */
    private static byte[] beginning(String text) {
        byte[] start = text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(start, Math.max(300, start.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\0\\0\\0\\034ftypheic\\0\\0\\0\\0mif1heic | a HEIC photo, which is not read; convert it to JPEG",
                "\\0\\0\\0\\034ftypmif1\\0\\0\\0\\0mif1heic | a HEIC photo, which is not read; convert it to JPEG",
                "\\0\\0\\0\\034ftypheix\\0\\0\\0\\0mif1heix | a HEIC photo, which is not read; convert it to JPEG",
                "\\0\\0\\0\\040ftypavif\\0\\0\\0\\0avifmif1miaf | an AVIF picture, which is not read; convert it to JPEG",
                "\\0\\0\\0\\040ftypmif1\\0\\0\\0\\0mif1avifmiaf | an AVIF picture, which is not read; convert it to JPEG",
                "\\0\\0\\0\\030ftypcrx \\0\\0\\0\\1crx isom | a CR3 raw photo, which is not read; convert it to JPEG",
                "\\0\\0\\0\\030ftypisom\\0\\0\\0\\1isommp42 | a film, which is not read; save single pictures of it",
                "\\377\\n\\372 | a JPEG XL picture, which is not read; convert it to JPEG",
                "\\0\\0\\0\\014JXL \\r\\n\\207\\n | a JPEG XL picture, which is not read; convert it to JPEG",
                "\\0\\0\\0\\014jP  \\r\\n\\207\\n | a JPEG 2000 picture, which is not read; convert it to JPEG",
                "II*\\0\\020\\0\\0\\0CR\\2\\0 | a CR2 raw photo, which is not read; convert it to JPEG",
                "FUJIFILMCCD-RAW 0201 | a RAF raw photo, which is not read; convert it to JPEG",
                "%PDF-1.7 | a PDF document, which is not read; export its pages as PNG",
                "8BPS\\0\\1 | a Photoshop document, which is not read; convert it to PNG",
                "PK\\3\\4 | a ZIP archive, which is not read; unpack it",
                "\\0\\5\\026\\7\\0\\2 | a macOS companion file (AppleDouble), which is not read; delete it",
                "version https://git-lfs.github.com/spec/v1\\noid | a Git LFS pointer, which is not read; fetch the picture with git lfs pull",
                "\\357\\273\\277\\n <!DOCTYPE html><html> | a web page, which is not read; download the picture itself",
                "<HTML><svg></svg> | a web page, which is not read; download the picture itself",
                "<?xml version='1.0'?><html xmlns='a'> | a web page, which is not read; download the picture itself",
                "<?xml version='1.0'?><!-- a --><svg xmlns='a'> | an SVG drawing, which is not read; export it as PNG",
                "<svg width='3'> | an SVG drawing, which is not read; export it as PNG",
                "<?xml version='1.0'?><Error>denied | an XML file, which is not read",
                "{\"error\": 403} | a JSON file, which is not read",
                "\\0\\0\\0 | a file of zeros, which is not read; copy or download it again",
                "hello world | not a picture (starts with 'hello wo')",
            })
    void whatIsNotReadIsNamed(String text, String reason) {
        byte[] file = beginning(text);
        assertThat(FileKind.of(file).isRead()).isFalse();
        assertThatThrownBy(() -> PictureHeader.peek(file))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage(reason);
    }

    @Test
    void everyPictureIsKnownByItsFirstBytes() throws Exception {
        for (Path path : TestPictures.all()) {
            String name = String.valueOf(path.getFileName());
            byte[] file = TestPictures.bytes(name);
            FileKind kind = FileKind.of(Arrays.copyOf(file, Math.min(file.length, FileKind.ENOUGH)));
            assertThat(kind.format()).as(name).isEqualTo(PictureFormat.ofFileName(name));
        }
        assertThat(FileKind.of(new byte[0]).isRead()).isFalse();
        assertThat(FileKind.of(new byte[0]).name()).isEqualTo("an empty file");
        assertThat(FileKind.of(new byte[] {1, 2, 3}).isKnown()).isFalse();
    }

    @Test
    void aCameraFileIsNoTiff() {
        assertThat(FileKind.of(directory(271, "NIKON CORPORATION", 254, 1, 330, 5000))
                        .name())
                .isEqualTo("an NEF raw photo");
        assertThat(FileKind.of(directory(271, "SONY", 254, 1, 330, 5000)).name())
                .isEqualTo("an ARW raw photo");
        assertThat(FileKind.of(directory(271, "PENTAX", 254, 0, 262, 32803)).name())
                .isEqualTo("a PEF raw photo");
        assertThat(FileKind.of(directory(271, "Leica", 254, 0, 50706, 0x401)).name())
                .isEqualTo("a DNG raw photo");
        // a picture that a camera maker's program wrote
        assertThat(FileKind.of(directory(271, "NIKON CORPORATION", 254, 0, 262, 2))
                        .format())
                .contains(PictureFormat.TIFF);
    }

    private static byte[] directory(int makeTag, String make, int... tags) {
        ByteBuffer tiff = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) (1 + tags.length / 2));
        tiff.putShort((short) makeTag)
                .putShort((short) 2)
                .putInt(make.length() + 1)
                .putInt(200);
        for (int i = 0; i < tags.length; i += 2) {
            tiff.putShort((short) tags[i]).putShort((short) 4).putInt(1).putInt(tags[i + 1]);
        }
        tiff.position(200).put(make.getBytes(StandardCharsets.US_ASCII));
        return tiff.array();
    }
}

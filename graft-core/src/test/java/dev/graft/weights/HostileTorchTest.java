package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pickles and zips that no torch writes, put together by hand. */
@Timeout(20)
class HostileTorchTest {
    private static final String PROTOCOL = "\u0080\u0002";
    private static final String STORAGE = "(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0004tQ";

    /** In {@code |} stands the end of a line, so that a pickle is one line here. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "  ",
            quoteCharacter = '`',
            value = {
                "cos|system|(U\u0002idtR.  `callable os.system, which`",
                "(U\u0002idios|system|.  `callable os.system, which`",
                "}U\u0001acbuiltins|eval|s.  `callable builtins.eval, which`",
                "U\u0002osU\u0006system\u0093.  `callable os.system, which`",
                "ctorch._utils|_rebuild_tensor_v2.__globals__|.  `callable torch._utils._rebuild_tensor_v2.__globals__, which`",
                "ccollections|OrderedDict.__init__|.  `callable collections.OrderedDict.__init__, which`",
                "ctorch.storage|_load_from_bytes|.  `callable torch.storage._load_from_bytes, which`",
                "c__builtin__|getattr|.  `callable __builtin__.getattr, which`",
                "ctorch|FloatStorage|)R.  `calls something that is no function`",
                "K\u0001)R.  `calls something that is no function`",
                "ctorch|FloatStorage|)\u0081.  `the instruction 0x81, which tensors`",
                "P0|.  `the instruction 0x50, which tensors`",
                "\u0082\u0001.  `the instruction 0x82, which tensors`",
                "K\u00012.  `the instruction 0x32, which tensors`",
                "}U\u0001xb.  `lacks a dict of attributes`",
                "]}b.  `sets attributes of something that is no dict`",
                "K\u0001K\u0002a.  `adds to something that is no list`",
                "])K\u0001a.  `adds to something that is no list`",
                "}]K\u0001s.  `keys are neither strings nor numbers`",
                "}(K\u0001u.  `does not put pairs into a dict`",
                "}K\u0001u.  `ends a list that it has not begun`",
                "K\u0001\u0086.  `takes a value that it has not made`",
                "K\u0001(\u0085.  `takes a value that it has not made`",
                "(.  `takes a value that it has not made`",
                "h\u0007.  `refers to value 7, which it has not made`",
                "X\u00ff\u00ff\u00ff\u007f.  `a string takes 2147483647 bytes, the file has`",
                "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.  `a string takes 18446744073709551615 bytes`",
                "U\u0002\u00ff\u00ff.  `a string is not UTF-8 text`",
                "N  `a pickle instruction takes 1 bytes, the file has 0 left`",
                "K\u0001.  `expected a dict of tensors, found a Long`",
                "].  `expected a dict of tensors, found a list of 0 values`",
                "}U\u0001aK\u0001s.  `expected a dict of tensors, found none and 0 dicts in it`",
                "}U\u0001a}U\u0001xK\u0001ssU\u0001b}U\u0001xK\u0001ss.  `found none and 2 dicts in it: 'a', 'b'`",
                "U\u0007unknownQ.  `refers to something that is no storage`",
                "(U\u0007unknowntQ.  `refers to something that is no storage`",
            })
    void pickles(String pickle, String reason) throws IOException {
        refuse(torchZip(latin(PROTOCOL + pickle.replace('|', '\n')), 16), reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "  ",
            quoteCharacter = '`',
            value = {
                "K\u0000K\u0005\u0085K\u0001\u0085  `[5] with strides [1] reaches beyond its storage`",
                "K\u0001K\u0004\u0085K\u0001\u0085  `[4] with strides [1] reaches beyond its storage, which has 3 numbers`",
                "K\u0000K\u0002\u0085K\u0004\u0085  `[2] with strides [4] reaches beyond its storage`",
                "K\u0000K\u0002\u0085J\u00ff\u00ff\u00ff\u00ff\u0085  `[2] with strides [-1] reaches beyond its storage`",
                "K\u0000K\u0005\u0085K\u0000\u0085  `[5] repeats the 4 numbers of its storage; save a copy`",
                "K\u0000J\u0000\u0000\u0000\u0010\u0085K\u0000\u0085  `repeats the 4 numbers`",
                "K\u0000J\u00ff\u00ff\u00ff\u007f\u0085K\u0000\u0085  `expected sizes with a product up to`",
                "K\u0000J\u00ff\u00ff\u00ff\u00ff\u0085K\u0001\u0085  `expected sizes with a product up to`",
                "K\u0005))  `and offset 5`",
                "K\u0000K\u0002\u0085)  `1 sizes, 0 strides`",
                "K\u0000(K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001t)  `a tensor of 9 axes`",
                "U\u0001xK\u0002\u0085K\u0001\u0085  `gives a function the wrong arguments`",
            })
    void tensors(String view, String reason) throws IOException {
        refuse(torchZip(latin(tensorPickle(view)), 16), reason);
    }

    @Test
    void storagesMustBeAsLongAsTheyAreSaidToBe() throws IOException {
        byte[] pickle = latin(tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085"));
        assertThat(read(torchZip(pickle, 16)).read("w").elements()).isEqualTo(4);
        refuse(torchZip(pickle, 12), "storage '0': expected 4 elements of F32, found 12 bytes");
        refuse(torchZip(pickle, 20), "storage '0': expected 4 elements of F32, found 20 bytes");
        byte[] absurd = latin(tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085")
                .replace("cpuK\u0004", "cpuJ\u00ff\u00ff\u00ff\u007f"));
        refuse(torchZip(absurd, 16), "the storage '0' of 2147483647 elements, the file");
    }

    @Test
    void deepNestingTakesNoStack() throws IOException {
        int depth = 300_000;
        refuse(
                torchZip(latin(PROTOCOL + "]".repeat(depth) + "a".repeat(depth - 1) + "."), 0),
                "found a list of 1 values");
        String dicts = PROTOCOL + "}U\u0001a".repeat(depth) + "K\u0001" + "s".repeat(depth) + ".";
        refuse(torchZip(latin(dicts), 0), "nested more than 16 deep");
    }

    @Test
    void dictsThatContainOneAnotherEnd() throws IOException {
        // d = {'w': tensor}; d['d'] = d
        String tensor = tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085");
        refuse(
                torchZip(latin(tensor.substring(0, tensor.length() - 1) + "q\u0000U\u0001dh\u0000s."), 16),
                "contain one another");
    }

    @Test
    void laughsStayFew() throws IOException {
        // Each dict holds the one before twice: 2^200 dicts for whoever walks through them all.
        StringBuilder laughs = new StringBuilder(PROTOCOL + "}q\u0000");
        for (int i = 0; i < 200; i++) {
            laughs.append("}U\u0001ah\u0000sU\u0001bh\u0000sq\u0000");
        }
        String tensor = tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085").substring(PROTOCOL.length());
        refuse(
                torchZip(latin(laughs + tensor.substring(0, tensor.length() - 1) + "U\u0001dh\u0000s."), 16),
                "contain one another");
        // One list of pairs, copied into a dict again and again.
        String pairs = PROTOCOL + "](" + "U\u0001aK\u0001\u0086".repeat(5000) + "e\u0085q\u0000"
                + "ccollections\nOrderedDict\nh\u0000R".repeat(5000) + ".";
        refuse(torchZip(latin(pairs), 0), "copies more than 1000000 entries");
        refuse(torchZip(latin(PROTOCOL + "N".repeat(2_500_000)), 0), "more than 2000000 steps");
    }

    @Test
    void bombsAreRefusedUnpacked() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[10_000_000]);
        }
        refuse(out.toByteArray(), "zip entry 'archive/data.pkl': is compressed or encrypted");
    }

    @Test
    void zipDirectoriesAreChecked() throws IOException {
        byte[] sound = torchZip(latin(tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085")), 16);
        int end = sound.length - 22;
        refuse(patched(sound, end + 10, 200), "cannot have 200 entries");
        refuse(patched(sound, end + 4, 1), "the directory is not within the file");
        refuse(patched(sound, end + 16, 0x7fffffff), "the directory is not within the file");
        refuse(patched(sound, end, 0), "its directory, which stands at the end, is missing");
        int directory = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        refuse(patched(sound, directory, 0), "expected an entry of the zip's directory");
        refuse(patched(sound, directory + 42, 7), "is not where the directory says");
        int second = directory + 46 + "archive/data.pkl".length();
        refuse(patched(sound, second + 42, 0), "overlaps another");
        refuse(patched(patched(sound, second + 24, 0x7fffffff), second + 20, 0x7fffffff), "reaches beyond the end");
        refuse(patched(sound, second + 24, -1), "lacks its 64-bit sizes");
    }

    private static String tensorPickle(String view) {
        return PROTOCOL + "}U\u0001wctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + view + "\u0089)tRs.";
    }

    private static byte[] patched(byte[] file, int at, int value) {
        byte[] copy = file.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return copy;
    }

    private static byte[] torchZip(byte[] pickle, int storageBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            store(zip, "archive/data.pkl", pickle);
            store(zip, "archive/data/0", new byte[storageBytes]);
        }
        return out.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static WeightFile read(byte[] content) {
        return TorchCheckpoint.read("bad.pth", ByteBuffer.wrap(content));
    }

    private static void refuse(byte[] content, String reason) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("bad.pth: ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }
}

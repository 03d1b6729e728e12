package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.WeightFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pickles and zips that no torch writes, put together by hand. */
@Tag("slow")
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
                "cos|system|(U\u0002idtR.  `found a value of os.system, which Graft does not run`",
                "(U\u0002idios|system|.  `found a value of os.system, which Graft does not run`",
                "}U\u0001acbuiltins|eval|s.  `expected a dict of tensors, found none and 0 dicts`",
                "U\u0002osU\u0006system\u0093.  `found a value of os.system, which Graft does not run`",
                "ctorch._utils|_rebuild_tensor_v2.__globals__|.  `found a value of torch._utils._rebuild_tensor_v2.__globals__, which`",
                "ccollections|OrderedDict.__init__|.  `found a value of collections.OrderedDict.__init__, which`",
                "ctorch.storage|_load_from_bytes|.  `found a value of torch.storage._load_from_bytes, which`",
                "c__builtin__|getattr|.  `found a value of __builtin__.getattr, which`",
                "ctorch|FloatStorage|)R.  `calls something that is no function`",
                "K\u0001)R.  `calls something that is no function`",
                "ctorch|FloatStorage|)\u0081.  `calls something that is no function`",
                "P0|.  `the instruction 0x50, which torch.save does not write`",
                "\u0082\u0001.  `the instruction 0x82, which torch.save does not write`",
                "K\u00012.  `the instruction 0x32, which torch.save does not write`",
                "}U\u0001xb.  `found none and 0 dicts`",
                "]}b.  `found a list of 0 values`",
                "K\u0001K\u0002a.  `adds to something that is no list`",
                "])K\u0001a.  `adds to something that is no list`",
                "}]K\u0001s.  `found none and 0 dicts`",
                "}(K\u0001u.  `does not put pairs into a dict`",
                "}K\u0001u.  `ends a list that it has not begun`",
                "K\u0001\u0086.  `takes a value that it has not made`",
                "K\u0001(\u0085.  `takes a value that it has not made`",
                "(.  `takes a value that it has not made`",
                "h\u0007.  `refers to value 7, which it has not made`",
                "X\u00ff\u00ff\u00ff\u007f.  `a string takes 2147483647 bytes, the file has`",
                "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.  `a string takes 18446744073709551615 bytes`",
                "U\u0002\u00ff\u00ff.  `found a value of bytes, which`",
                "(o.  `takes a value that it has not made`",
                "(K\u0001o.  `calls something that is no function`",
                "cos|system|)}\u0092.  `found a value of os.system, which`",
                "cos|system|}\u0081.  `lacks a tuple of arguments`",
                "C\u0005ab.  `bytes takes 5 bytes, the file has`",
                "B\u00ff\u00ff\u00ff\u007f.  `bytes takes 2147483647 bytes, the file has`",
                "\u0096\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.  `bytes takes 18446744073709551615 bytes`",
                "\u008b\u00ff\u00ff\u00ff\u007f.  `a number of 2147483647 bytes`",
                "I1.5|.  `has '1.5' for a number`",
                "1.  `ends a list that it has not begun`",
                "0.  `takes a value that it has not made`",
                "K\u0001\u0090.  `ends a list that it has not begun`",
                "K\u0001(K\u0002\u0090.  `adds to something that is no list`",
                "(U\u0006modulecmy|Net|NNtQ)R.  `found a value of my.Net, which`",
                "(U\u0006moduletQ.  `gives a function the wrong arguments`",
                "}(U\u0005state}U\u000cparam_groups]u.  `the state of an optimizer, which has no weights`",
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
        refuse(torchZip(latin(dicts), 0), "found none and 1 dicts in it: 'a'");
    }

    @Test
    void dictsThatContainOneAnotherEnd() throws IOException {
        // d = {'w': tensor}; d['d'] = d
        String tensor = tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085");
        refuse(
                torchZip(latin(tensor.substring(0, tensor.length() - 1) + "q\u0000U\u0001dh\u0000s."), 16),
                "contain one another");
    }

    /** A module's own state, as torch.save(model) has it: {@code %s} are its modules. */
    private static String module(String parameters, String modules) {
        return "cmy\nNet\n)\u0081}(U\u000b_parameters" + parameters + "U\u0008_modules" + modules + "ub";
    }

    private static String tensorIn(String dict) {
        String tensor = tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085").substring(PROTOCOL.length() + 1);
        return dict + tensor.substring(0, tensor.length() - 1);
    }

    @Test
    void modulesAreReadAsDataAndThoseInThemselvesEnd() throws IOException {
        String inner = module(tensorIn("}"), "}");
        WeightFile twice = read(torchZip(
                latin(PROTOCOL + module("}", "}(U\u0001a" + inner + "q\u0000U\u0001bh\u0000U\u0001cNu") + "."), 16));
        assertThat(twice.tensors()).containsOnlyKeys("a.w", "b.w");
        assertThat(twice.notes()).hasSize(1).first().asString().startsWith("is a whole my.Net; its parameters");
        refuse(
                torchZip(
                        latin(PROTOCOL
                                + "cmy\nNet\n)\u0081q\u0000}(U\u000b_parameters}U\u0008_modules}U\u0001ah\u0000sub."),
                        0),
                "modules contain one another");
        StringBuilder laughs = new StringBuilder(PROTOCOL + module(tensorIn("}"), "}") + "q\u0000");
        for (int i = 0; i < 50; i++) {
            laughs.append(module("}", "}(U\u0001ah\u0000U\u0001bh\u0000u")).append("q\u0000");
        }
        refuse(torchZip(latin(laughs + "."), 16), "have more than");
    }

    @Test
    void whatIsUnknownStaysOutUnlessItIsATensorThatIsNeeded() throws IOException {
        String unknown = "cmy\ncall\n)R";
        String pickle = tensorPickle("K\u0000K\u0004\u0085K\u0001\u0085");
        String broken = "U\u0001vctorch._utils\n_rebuild_tensor_v2\n(" + unknown
                + "K\u0000K\u0004\u0085K\u0001\u0085\u0089)tRs";
        WeightFile file = read(
                torchZip(latin(pickle.substring(0, pickle.length() - 1) + broken + "U\u0001x" + unknown + "s."), 16));
        assertThat(file.tensors()).containsOnlyKeys("w");
        assertThat(file.metadata())
                .containsEntry("v", "a tensor of my.call, which Graft does not run, left out")
                .containsEntry("x", "a value of my.call, which Graft does not run, left out");
        assertThatThrownBy(() -> StrictLoad.of(Map.of("w", Shape.of(4), "v", Shape.of(4)))
                        .from(file))
                .hasMessageContaining(
                        "1 missing: 'v' [4] (in the file it is a tensor of my.call, which Graft does not run");
    }

    @Test
    void opaqueValuesTakeWhatIsPutIntoThem() throws IOException {
        String all = "cmy\nThing\n)\u0081(K\u0001K\u0002e(K\u0001K\u0002u}(U\u0001aK\u0001ubK\u0003b";
        String pickle = PROTOCOL + tensorIn("}") + "U\u0001x" + all + "s.";
        assertThat(read(torchZip(latin(pickle), 16)).tensors()).containsOnlyKeys("w");
        // Nested as deep as a file can be: attributes of attributes.
        int depth = 200_000;
        String deep =
                PROTOCOL + "cmy\nThing\nq\u0000)\u0081" + "h\u0000)\u0081".repeat(depth) + "b".repeat(depth) + ".";
        refuse(torchZip(latin(deep), 0), "found a value of my.Thing");
        // 60 MB of bytes that are only pointed to, again and again.
        String many = PROTOCOL + "](" + "C\u00ff" + "x".repeat(255) + "q\u0000" + "h\u0000".repeat(500_000) + "e.";
        refuse(torchZip(latin(many), 0), "found a list of 500001 values");
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

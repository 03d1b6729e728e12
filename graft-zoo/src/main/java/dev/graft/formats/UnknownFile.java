package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Safetensors;
import dev.graft.weights.UntrustedText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What a file is that was given for weights and holds none that can be read, and what to do about it. */
final class UnknownFile {
    private static final String EXPECTED =
            "expected safetensors, GGUF, a torch checkpoint, a Keras file, TensorFlow Lite or ONNX, found ";
    private static final int START = 512;
    private static final String UNPACK = "; unpack it and give the file of weights in it";

    private UnknownFile() {}

    /** The problem with a file whose content begins like none of the formats. */
    static String describe(Bytes bytes) {
        return EXPECTED + kind(bytes);
    }

    private static String kind(Bytes bytes) {
        if (bytes.size() == 0) {
            return "an empty file; fetch it again";
        }
        if (startsWith(bytes, 0x1f, 0x8b)
                || startsWith(bytes, 'B', 'Z', 'h')
                || startsWith(bytes, 0xfd, '7', 'z', 'X', 'Z')
                || startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd)
                || startsWith(bytes, '7', 'z', 0xbc, 0xaf)
                || startsWith(bytes, 'R', 'a', 'r', '!')
                || bytes.has(257, "ustar")) {
            return "a compressed file or an archive" + UNPACK;
        }
        if (startsWith(bytes, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
            return "an array of NumPy; save the weights by name, as safetensors";
        }
        if (startsWith(bytes, 0xff, 0xd8, 0xff) || startsWith(bytes, 0x89, 'P', 'N', 'G')) {
            return "a picture; give the file of weights";
        }
        if (startsWith(bytes, 0x80) && bytes.size() > 1 && bytes.slice(1, 1).get() <= 5) {
            return "a pickle that torch.save has not written; save the weights with torch.save or as safetensors";
        }
        if (isZero(bytes)) {
            return "a file that begins with nothing but zeros, as a broken download leaves it; fetch it again";
        }
        return text(start(bytes).strip(), bytes);
    }

    private static String text(String start, Bytes bytes) {
        String lower = start.toLowerCase(Locale.ROOT);
        if (lower.startsWith("version https://git-lfs")) {
            return "a pointer of Git LFS in place of the file; fetch the file itself with 'git lfs pull'";
        }
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.contains("<head>")) {
            return "a page of the web (HTML), as a server sends it in place of a file that needs a login or is not"
                    + " there; fetch the file again from its own address";
        }
        if (lower.startsWith("<?xml") || lower.startsWith("<error")) {
            return "XML, as a server sends it with an error; fetch the file again";
        }
        if (lower.startsWith("{") || lower.startsWith("[")) {
            return lower.contains("weight_map")
                    ? "the index of weights that lie in several files; give a network whose weights are in one"
                    : "JSON, which has no weights; give the file beside it that has";
        }
        boolean cutSafetensors = start.length() > Safetensors.PREFIX_BYTES && isCutSafetensors(bytes);
        return cutSafetensors
                ? "the beginning of a safetensors file, which is cut short; fetch it again"
                : "none of them; check that this is a file of weights and whole";
    }

    private static boolean isCutSafetensors(Bytes bytes) {
        return bytes.size() > Safetensors.PREFIX_BYTES
                && bytes.slice(Safetensors.PREFIX_BYTES, 1).get() == '{';
    }

    private static boolean startsWith(Bytes bytes, int... start) {
        if (bytes.size() < start.length) {
            return false;
        }
        ByteBuffer found = bytes.slice(0, start.length);
        for (int i = 0; i < start.length; i++) {
            if ((found.get(i) & 0xff) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(Bytes bytes) {
        ByteBuffer start = bytes.slice(0, Math.min(START, bytes.size()));
        while (start.hasRemaining()) {
            if (start.get() != 0) {
                return false;
            }
        }
        return true;
    }

    private static String start(Bytes bytes) {
        byte[] start = new byte[(int) Math.min(START, bytes.size())];
        bytes.slice(0, start.length).get(start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        return text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    }

    /**
     * Refuses a zip file that is no checkpoint.
     *
     * @throws GraftException if it has neither torch's pickle nor Keras' weights; says what it is
     */
    static void check(Bytes bytes, ZipEntries entries) {
        Set<String> names = entries.names();
        if (has(names, name -> name.equals("data.pkl") || name.endsWith("/data.pkl")) || KerasFile.isLikely(entries)) {
            return;
        }
        throw bytes.fault("zip", "no checkpoint, but " + zipped(names));
    }

    private static String zipped(Set<String> names) {
        if (names.isEmpty()) {
            return "an empty archive; fetch the file again";
        }
        if (names.contains("graft.json")) {
            return "a model of Graft; give it a name that ends in .graft";
        }
        if (has(names, name -> name.endsWith(".npy"))) {
            return "arrays of NumPy; save the weights by name, as safetensors";
        }
        if (has(names, name -> name.endsWith("saved_model.pb"))) {
            return "a SavedModel of TensorFlow; save it from Keras as .weights.h5 or .keras";
        }
        for (String suffix :
                new String[] {".pth", ".pt", ".safetensors", ".h5", ".onnx", ".bin", ".ckpt", ".pth.tar"}) {
            for (String name : names) {
                if (name.endsWith(suffix)) {
                    return "an archive with " + UntrustedText.quote(name) + " in it" + UNPACK;
                }
            }
        }
        String first = names.iterator().next();
        return "an archive of " + names.size() + (names.size() == 1 ? " file, " : " files, ")
                + UntrustedText.quote(first) + (names.size() == 1 ? "" : " among them") + "; give a file of weights";
    }

    private static boolean has(Set<String> names, Predicate<String> what) {
        return names.stream().anyMatch(what);
    }
}

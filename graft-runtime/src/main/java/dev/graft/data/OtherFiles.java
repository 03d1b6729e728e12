package dev.graft.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Files that lie among pictures and are none, or none that are read: counted by extension and named as what they are. */
public final class OtherFiles {
    /** What an extension stands for that people take for a picture. */
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("heic", "HEIC"),
            Map.entry("heif", "HEIC"),
            Map.entry("hif", "HEIC"),
            Map.entry("avif", "AVIF"),
            Map.entry("jxl", "JPEG XL"),
            Map.entry("jp2", "JPEG 2000"),
            Map.entry("j2k", "JPEG 2000"),
            Map.entry("svg", "SVG"),
            Map.entry("psd", "Photoshop"),
            Map.entry("dcm", "DICOM"),
            Map.entry("exr", "OpenEXR"),
            Map.entry("hdr", "Radiance HDR"),
            Map.entry("tga", "Targa"),
            Map.entry("ico", "a Windows icon"));

    private static final Set<String> RAW = Set.of(
            "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "sr2", "srf", "orf", "raf", "rw2", "raw", "pef", "srw",
            "x3f", "3fr", "erf", "kdc", "mef", "mos", "mrw", "rwl", "iiq");

    /** Extensions that say for certain that a file is something else; such files are not opened. */
    private static final Set<String> ELSE = Set.of(
            "txt",
            "md",
            "csv",
            "tsv",
            "json",
            "jsonl",
            "xml",
            "yaml",
            "yml",
            "toml",
            "ini",
            "cfg",
            "log",
            "html",
            "htm",
            "css",
            "js",
            "ts",
            "py",
            "ipynb",
            "java",
            "sh",
            "bat",
            "r",
            "m",
            "pdf",
            "doc",
            "docx",
            "xls",
            "xlsx",
            "ppt",
            "pptx",
            "odt",
            "ods",
            "rtf",
            "tex",
            "mp4",
            "mov",
            "avi",
            "mkv",
            "webm",
            "m4v",
            "3gp",
            "mts",
            "aae",
            "thm",
            "mp3",
            "wav",
            "flac",
            "ogg",
            "zip",
            "tar",
            "gz",
            "tgz",
            "bz2",
            "xz",
            "7z",
            "rar",
            "npy",
            "npz",
            "pkl",
            "pt",
            "pth",
            "h5",
            "hdf5",
            "onnx",
            "pb",
            "tfrecord",
            "safetensors",
            "graft",
            "mat",
            "db",
            "sqlite",
            "lnk",
            "url",
            "exe",
            "dll",
            "so",
            "xmp",
            "ai",
            "eps",
            "ttf",
            "parquet");

    /** How a sentence on such files begins. */
    static final String PASSED_OVER = "passed over, as they are no pictures that are read: ";

    private OtherFiles() {}

    /** Whether an extension says that a file is no picture at all, so that its first bytes need not be looked at. */
    static boolean isCertain(String extension) {
        return ELSE.contains(extension);
    }

    /** Whether an extension is that of a camera's own format. */
    static boolean isRaw(String extension) {
        return RAW.contains(extension);
    }

    /** Whether an extension tells already what the first bytes say of a file. */
    static boolean says(String extension, FileKind kind) {
        return isRaw(extension)
                ? kind.name().endsWith("raw photo")
                : picture(extension).filter(kind.name()::contains).isPresent();
    }

    /** What people would call a file with this extension, if it is a kind of picture that is not read. */
    static Optional<String> picture(String extension) {
        return RAW.contains(extension) ? Optional.of("camera RAW") : Optional.ofNullable(KNOWN.get(extension));
    }

    /**
     * A sentence on files that were passed over.
     *
     * @param counts as those of {@link #text}; some
     */
    public static String sentence(Map<String, Integer> counts) {
        return PASSED_OVER + text(counts);
    }

    /**
     * Counts in words: {@code 25 .heic (HEIC, which is not read), 2 .txt, 1 without extension}.
     *
     * @param counts of files by extension in lower case; keys with a blank are words by themselves
     */
    public static String text(Map<String, Integer> counts) {
        List<String> words = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> String.format(Locale.ROOT, "%,d ", entry.getValue()) + kind(entry.getKey()))
                .toList();
        return words.stream().collect(Collectors.joining(", "));
    }

    private static String kind(String key) {
        if (key.isEmpty()) {
            return "without extension";
        }
        if (key.indexOf(' ') >= 0) {
            return key;
        }
        return "." + key
                + picture(key).map(name -> " (" + name + ", which is not read)").orElse("");
    }
}

package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file is by its first bytes, whatever it is called: a picture of a format that is read, or something else that
 * lies among pictures, by its name.
 *
 * @param format empty when it is nothing that is read
 * @param name of what it is, as {@code a HEIC photo}; empty when nobody knows
 * @param remedy what to do about it, as {@code convert it to JPEG}; empty when there is nothing to be done
 */
public record FileKind(Optional<PictureFormat> format, String name, String remedy) {
    /** How many bytes from the beginning are enough for {@link #of}; of a shorter file all of them are. */
    public static final int ENOUGH = 4096;

    private static final FileKind UNKNOWN = new FileKind(Optional.empty(), "", "");
    private static final FileKind WEB_PAGE = other("a web page", "download the picture itself");
    private static final int TEXT = 1024;
    private static final int QUOTED = 8;

    /** What the file is that begins with these bytes, {@link #ENOUGH} of them or all. */
    public static FileKind of(byte[] beginning) {
        if (beginning.length == 0) {
            return other("an empty file", "");
        }
        // camera files begin as TIFFs do
        return RawPhotos.of(beginning)
                .or(() -> PictureFormat.ofContent(beginning).map(FileKind::picture))
                .or(() -> FileSignature.of(beginning))
                .orElseGet(() -> ofText(beginning));
    }

    /** Something that is not read. */
    static FileKind other(String name, String remedy) {
        return new FileKind(Optional.empty(), name, remedy);
    }

    private static FileKind picture(PictureFormat format) {
        return new FileKind(Optional.of(format), "a " + format + " picture", "");
    }

    /** Whether it is a picture of a format that is read; it may still be damaged. */
    public boolean isRead() {
        return format.isPresent();
    }

    /** Whether it is known what it is. */
    public boolean isKnown() {
        return !name.isEmpty();
    }

    /** Why it is not read, in a few words: {@code a HEIC photo, which is not read; convert it to JPEG}. */
    String reason(byte[] beginning) {
        if (beginning.length == 0) {
            return "empty file";
        }
        if (!isKnown()) {
            return noPicture(beginning);
        }
        return name + ", which is not read" + (remedy.isEmpty() ? "" : "; " + remedy);
    }

    /** The same for what nobody knows: {@code not a picture (starts with 'hello wo')}. */
    static String noPicture(byte[] beginning) {
        return "not a picture (" + quoted(beginning) + ")";
    }

    private static FileKind ofText(byte[] beginning) {
        String text = new String(beginning, 0, Math.min(TEXT, beginning.length), StandardCharsets.ISO_8859_1)
                .replaceFirst("^ï»¿", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs.github.com/spec/")) {
            return other("a Git LFS pointer", "fetch the picture with git lfs pull");
        }
        if (text.startsWith("<svg") || (text.startsWith("<") && text.contains("<svg") && !text.contains("<html"))) {
            return other("an SVG drawing", "export it as PNG");
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.startsWith("<head")) {
            return WEB_PAGE;
        }
        if (text.startsWith("<")) {
            return text.contains("<html") || text.contains("<body") ? WEB_PAGE : other("an XML file", "");
        }
        if (text.matches("(?s)[{\\[]\\s*[\"{\\[].*")) {
            return other("a JSON file", "");
        }
        return text.contains("%pdf-") ? other("a PDF document", "export its pages as PNG") : zeros(beginning);
    }

    private static FileKind zeros(byte[] beginning) {
        for (byte one : beginning) {
            if (one != 0) {
                return UNKNOWN;
            }
        }
        return beginning.length < 16 ? UNKNOWN : other("a file of zeros", "copy or download it again");
    }

    /** The first bytes, as text when they look like it. */
    private static String quoted(byte[] beginning) {
        int shown = Math.min(QUOTED, beginning.length);
        StringBuilder hex = new StringBuilder("starts with");
        boolean text = true;
        for (int i = 0; i < shown; i++) {
            hex.append(String.format(Locale.ROOT, " %02x", beginning[i]));
            text &= beginning[i] >= ' ' && beginning[i] < 127;
        }
        return text
                ? "starts with '" + new String(beginning, 0, shown, StandardCharsets.US_ASCII) + "'"
                : hex.toString();
    }
}

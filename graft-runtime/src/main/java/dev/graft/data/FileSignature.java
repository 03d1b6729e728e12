package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes by which a file that is not read is known.
 *
 * @param at where in the file they stand
 * @param bytes one character each
 */
record FileSignature(int at, String bytes, FileKind kind) {
    private static final String TO_JPEG = "convert it to JPEG";
    private static final String TO_PNG = "convert it to PNG";
    private static final String UNPACK = "unpack it";

    private static final List<FileSignature> ALL = List.of(
            photo(0, "ÿ\n", "a JPEG XL picture"),
            photo(0, "\0\0\0\fJXL \r\n\u0087\n", "a JPEG XL picture"),
            photo(0, "\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 picture"),
            photo(0, "ÿOÿQ", "a JPEG 2000 picture"),
            photo(0, "II¼\1", "a JPEG XR picture"),
            photo(0, "IIRO", "an ORF raw photo"),
            photo(0, "IIRS", "an ORF raw photo"),
            photo(0, "MMOR", "an ORF raw photo"),
            photo(0, "IIU\0", "an RW2 raw photo"),
            photo(0, "FUJIFILMCCD-RAW", "a RAF raw photo"),
            photo(0, "FOVb", "an X3F raw photo"),
            photo(0, "\0MRM", "an MRW raw photo"),
            drawn(0, "8BPS", "a Photoshop document"),
            drawn(0, "gimp xcf", "a GIMP document"),
            drawn(0, "\0\0\1\0", "a Windows icon"),
            drawn(0, "\0\0\2\0\0\0", "a Targa picture"),
            drawn(0, "\0\0\2\0", "a Windows cursor"),
            drawn(0, "\0\0\12\0\0\0", "a Targa picture"),
            drawn(0, "icns", "an Apple icon"),
            drawn(0, "v/1\1", "an OpenEXR picture"),
            drawn(0, "#?RADIANCE", "a Radiance HDR picture"),
            drawn(0, "P7\n", "a PAM picture"),
            drawn(0, "PF\n", "a PFM picture"),
            drawn(0, "Pf\n", "a PFM picture"),
            drawn(0, "qoif", "a QOI picture"),
            drawn(0, "DDS ", "a DirectDraw surface"),
            drawn(0, "SIMPLE  =", "a FITS picture"),
            drawn(128, "DICM", "a DICOM picture"),
            drawn(0, "%!PS", "a PostScript document"),
            new FileSignature(0, "%PDF-", FileKind.other("a PDF document", "export its pages as PNG")),
            new FileSignature(0, "\u0093NUMPY", FileKind.other("a NumPy array", "save it as PNG")),
            new FileSignature(0, "\u0089HDF\r\n", FileKind.other("an HDF5 file", "")),
            new FileSignature(0, "PK\3\4", FileKind.other("a ZIP archive", UNPACK)),
            new FileSignature(0, "PK\5\6", FileKind.other("an empty ZIP archive", "")),
            new FileSignature(0, "\37\u008b", FileKind.other("a gzip archive", UNPACK)),
            new FileSignature(0, "7z¼¯'\34", FileKind.other("a 7-Zip archive", UNPACK)),
            new FileSignature(0, "Rar!\32\7", FileKind.other("a RAR archive", UNPACK)),
            new FileSignature(257, "ustar", FileKind.other("a tar archive", UNPACK)),
            new FileSignature(0, "\0\5\26\7", FileKind.other("a macOS companion file (AppleDouble)", "delete it")),
            new FileSignature(0, "\0\5\26\0", FileKind.other("a macOS companion file (AppleSingle)", "delete it")),
            new FileSignature(8, "AVI ", FileKind.other("an AVI film", "")),
            new FileSignature(8, "WAVE", FileKind.other("a WAV recording", "")),
            new FileSignature(0, "\32Eß£", FileKind.other("a Matroska or WebM film", "")),
            new FileSignature(0, "\177ELF", FileKind.other("a program", "")),
            new FileSignature(0, "MZ", FileKind.other("a Windows program", "")));

    private static final Set<String> HEIC =
            Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1", "miaf");

    private static FileSignature photo(int at, String bytes, String name) {
        return new FileSignature(at, bytes, FileKind.other(name, TO_JPEG));
    }

    private static FileSignature drawn(int at, String bytes, String name) {
        return new FileSignature(at, bytes, FileKind.other(name, TO_PNG));
    }

    /** What the file is that begins so, if one of the signatures fits. */
    static Optional<FileKind> of(byte[] beginning) {
        return baseMedia(beginning).or(() -> ALL.stream()
                .filter(one -> one.fits(beginning))
                .map(FileSignature::kind)
                .findFirst());
    }

    private boolean fits(byte[] file) {
        return text(file, at, bytes.length()).equals(bytes);
    }

    /** HEIC, AVIF, Canon's CR3 and films share one container; its brands say which it is, the first one first. */
    private static Optional<FileKind> baseMedia(byte[] file) {
        if (!text(file, 4, 4).equals("ftyp")) {
            return Optional.empty();
        }
        int end = Math.min(file.length, (file[2] & 0xFF) << 8 | (file[3] & 0xFF));
        for (int at = 8; at + 4 <= Math.max(end, 12); at += at == 8 ? 8 : 4) {
            String brand = text(file, at, 4);
            if (brand.equals("avif") || brand.equals("avis")) {
                return Optional.of(FileKind.other("an AVIF picture", TO_JPEG));
            }
            if (brand.equals("crx ")) {
                return Optional.of(FileKind.other("a CR3 raw photo", TO_JPEG));
            }
            if (HEIC.contains(brand)
                    && !text(file, at + 4, Math.max(0, end - at - 4)).contains("avif")) {
                return Optional.of(FileKind.other("a HEIC photo", TO_JPEG));
            }
        }
        return Optional.of(FileKind.other("a film", "save single pictures of it"));
    }

    private static String text(byte[] file, int at, int length) {
        return at + length > file.length ? "" : new String(file, at, length, StandardCharsets.ISO_8859_1);
    }
}

package dev.graft.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a file in a folder is taken for, by the one rule of all commands: a picture's ending makes it a picture, to be listed
 * where it is none; an ending that is certainly something else's is believed; whatever else it is called, its first bytes
 * decide.
 *
 * @param path the file
 * @param isPicture whether it is looked at
 * @param kind what it is counted as if it is none, for {@link OtherFiles#text}
 * @param reason why it is none, in a few words, with what to do about it
 */
record FolderFile(Path path, boolean isPicture, String kind, String reason) {
    /** What a file is that is no folder, pipe or the like. */
    static FolderFile of(Path file) {
        String name = FolderScan.name(file);
        if (PictureFormat.ofFileName(name).isPresent()) {
            return picture(file);
        }
        String ending = PictureFormat.extension(name);
        if (OtherFiles.isCertain(ending)) {
            return other(file, ending, "no picture by its name (." + ending + "); rename it if it is one");
        }
        Optional<FirstBytes> first = FirstBytes.of(file);
        return first.map(bytes -> byContent(file, ending, bytes))
                .orElseGet(() -> other(file, ending, "cannot be read; allow it if it is a picture"));
    }

    /** Something that is no picture. */
    static FolderFile other(Path file, String kind, String reason) {
        return new FolderFile(file, false, kind, reason);
    }

    private static FolderFile picture(Path file) {
        return new FolderFile(file, true, "", "");
    }

    private static FolderFile byContent(Path file, String ending, FirstBytes first) {
        FileKind kind = FileKind.of(first.bytes());
        // What cameras write begins as a TIFF; all that one would show of it is a preview.
        boolean raw = OtherFiles.isRaw(ending) && kind.format().equals(Optional.of(PictureFormat.TIFF));
        if (first.isPicture() && !raw) {
            return picture(file);
        }
        if (!kind.isKnown() || kind.isRead()) {
            String reason = OtherFiles.picture(ending)
                    .map(name -> name + " by its name, which is not read; convert it to JPEG")
                    .orElseGet(() -> FileKind.noPicture(first.bytes()));
            return other(file, ending, reason);
        }
        String counted = OtherFiles.says(ending, kind)
                ? ending
                : (ending.isEmpty() ? "without extension" : "." + ending) + " (" + kind.name() + ")";
        return other(file, counted, kind.reason(first.bytes()));
    }
}

package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Bytes;
import dev.graft.weights.Safetensors;
import dev.graft.weights.WeightFile;
import java.nio.file.Path;

/** All formats of weights that are read. */
public final class WeightFormats {
    private WeightFormats() {}

    /**
     * Opens a file of any known format, which is told by its content and not by its name.
     *
     * @throws GraftException if the file cannot be read, is not valid or of no known format
     */
    public static WeightFile read(Path path) {
        Bytes bytes = Bytes.map(path);
        if (bytes.startsWith(Gguf.MAGIC)) {
            return Gguf.read(bytes);
        }
        if (Safetensors.isLikely(bytes)) {
            return Safetensors.read(bytes);
        }
        if (bytes.startsWith(Hdf5.MAGIC)) {
            return KerasFile.read(bytes);
        }
        if (TorchCheckpoint.isLikely(bytes)) {
            return TorchCheckpoint.read(bytes);
        }
        if (bytes.startsWith(ZipEntries.MAGIC)) {
            ZipEntries entries = ZipEntries.read(bytes);
            UnknownFile.check(bytes, entries);
            return KerasFile.isLikely(entries)
                    ? KerasFile.readZip(bytes, entries)
                    : TorchCheckpoint.readZip(bytes, entries);
        }
        if (TfLite.isLikely(bytes)) {
            return TfLite.read(bytes);
        }
        if (OnnxFile.isLikely(bytes)) {
            return OnnxFile.read(bytes);
        }
        throw bytes.fault("format", UnknownFile.describe(bytes));
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NetLab.Tui.Commands;

/// <summary>Many JSON objects, each on a line of its own, through one writer and one buffer.</summary>
/// <param name="output">Where they go.</param>
internal sealed class JsonLineBuffer(Stream output) : IDisposable
{
    private const int Full = 60_000;
    private readonly ArrayBufferWriter<byte> _buffer = new(65_536);
    private Utf8JsonWriter? _writer;

    /// <summary>Begins an object.</summary>
    public Utf8JsonWriter Begin()
    {
        // As in JsonLine: text of all languages stays readable, control characters are escaped by JSON itself.
        _writer ??= new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _writer.WriteStartObject();
        return _writer;
    }

    /// <summary>Ends the object and its line.</summary>
    public void End()
    {
        _writer!.WriteEndObject();
        _writer.Flush();
        _writer.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount > Full)
            Flush();
    }

    /// <summary>Hands on what is there.</summary>
    public void Flush()
    {
        output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Hands on the rest.</summary>
    public void Dispose()
    {
        Flush();
        _writer?.Dispose();
    }
}

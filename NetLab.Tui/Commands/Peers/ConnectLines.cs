using System.Globalization;
using System.Text;
using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>The lines of one connection on a terminal: → what was sent, ← what was received, ● its states, each with the seconds since the beginning.</summary>
internal sealed class ConnectLines(TextWriter output, Paint paint, ByteForm form, Timestamp start)
{
    private const int Most = 4096, HexWidth = 16;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The connection is there.</summary>
    public void Opened(Timestamp time, FourTuple tuple) => output.WriteLine($"{At(time)}  {tuple.Local} → {tuple.Remote}");

    /// <summary>A change of its state.</summary>
    public void State(StateChange change)
    {
        string spent = change.Spent > Duration.Zero ? $"  after {change.Spent}" : "";
        string known = change.Provenance == Provenance.Observed ? "" : $"  ({change.Provenance.Name()})";
        output.WriteLine($"{At(change.Time)}  {paint.Now("●")} {change.From.Name()} → {paint.Now(change.To.Name())}{paint.Faint($"  {change.Cause}{spent}{known}")}");
    }

    /// <summary>Bytes that went or came: as text, a line each, where they are text, else as hex.</summary>
    public void Bytes(Timestamp time, Direction direction, ReadOnlySpan<byte> bytes)
    {
        string arrow = direction == Direction.Sent ? paint.Waiting("→") : paint.Done("←");
        output.WriteLine($"{At(time)}  {arrow} {paint.Faint(FigureText.Count(bytes.Length, "byte"))}");
        var shown = bytes[..Math.Min(Most, bytes.Length)];
        if (form == ByteForm.Hex || !WriteText(shown))
            WriteHex(shown);
        if (bytes.Length > Most)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",13}… {bytes.Length - Most} more"));
    }

    // A piece may end inside a character; what is cut there does not make it binary.
    private bool WriteText(ReadOnlySpan<byte> bytes)
    {
        string text;
        try
        {
            text = s_strict.GetString(bytes[..WholeCharacters(bytes)]);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        if (text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')))
            return false;
        foreach (string line in text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0))
            output.WriteLine($"{"",13}{EventText.Printable(line.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal))}");

        return true;
    }

    private void WriteHex(ReadOnlySpan<byte> bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += HexWidth)
        {
            var row = bytes.Slice(offset, Math.Min(HexWidth, bytes.Length - offset));
            var hex = new StringBuilder();
            var text = new StringBuilder();
            foreach (byte value in row)
            {
                hex.Append(CultureInfo.InvariantCulture, $"{value:x2} ");
                text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",13}{paint.Faint($"{offset:x4}")}  {hex,-48} {text}"));
        }
    }

    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte value = bytes[^back];
            if (value < 0x80)
                break;
            if (value >= 0xC0)
                return (value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2) > back ? bytes.Length - back : bytes.Length;
        }

        return bytes.Length;
    }

    private string At(Timestamp time) => paint.Faint(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (time - start).Seconds),11:0.000000}"));
}

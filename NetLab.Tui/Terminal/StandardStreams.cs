using System.Text;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>Standard output and error for commands, without the console class.</summary>
public static class StandardStreams
{
    /// <summary>The exit code of a command whose reader went away, as a shell reports SIGPIPE.</summary>
    public const int ReaderGoneExitCode = 141;

    /// <summary>Standard output, buffered: flush it when a reader should see what was written.</summary>
    public static TextWriter Output { get; } = new StreamWriter(new DescriptorStream(Tty.StandardOutput), new UTF8Encoding(false), 16 * 1024);

    /// <summary>Standard error; every line goes out at once.</summary>
    public static TextWriter Error { get; } = new StreamWriter(new DescriptorStream(Tty.StandardError), new UTF8Encoding(false), 1024) { AutoFlush = true };

    /// <summary>Standard output as bytes. Flush <see cref="Output"/> first.</summary>
    public static Stream OutputBytes { get; } = new DescriptorStream(Tty.StandardOutput);

    /// <summary>Standard input as bytes.</summary>
    public static Stream InputBytes { get; } = new DescriptorStream(Tty.StandardInput);

    /// <summary>Standard input as bytes, which ends at the latest when <paramref name="interrupt"/> is cancelled.</summary>
    public static Stream InputUntil(CancellationToken interrupt) => new DescriptorStream(Tty.StandardInput, interrupt);

    /// <summary>Whether standard input is a terminal.</summary>
    public static bool InputIsTerminal => Tty.IsTerminal(Tty.StandardInput);

    /// <summary>Whether standard error is a terminal.</summary>
    public static bool ErrorIsTerminal => Tty.IsTerminal(Tty.StandardError);

    /// <summary>Whether standard output is a terminal.</summary>
    public static bool OutputIsTerminal => Tty.IsTerminal(Tty.StandardOutput);

    /// <summary>The width of the terminal on standard output in cells; null where it is none or does not say.</summary>
    public static int? OutputWidth => Tty.TryGetSize(Tty.StandardOutput, out int columns, out _) && columns > 0 ? columns : null;
}

/// <summary>Nobody reads what is written. A command ends quietly with <see cref="StandardStreams.ReaderGoneExitCode"/>.</summary>
public sealed class ReaderGoneException() : IOException("Nobody reads the output any more.");

/// <summary>The bytes of one descriptor, which it does not own.</summary>
internal sealed class DescriptorStream(int descriptor, CancellationToken interrupt = default) : Stream
{
    // How late a read that waits may notice an interruption.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (interrupt.CanBeCanceled && !AwaitInput()) return 0;
            int count = Tty.Read(descriptor, buffer);
            if (count >= 0) return count;
            Await(-count, PollEvents.Readable, "read");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = Tty.Write(descriptor, buffer);
            if (count >= 0) buffer = buffer[count..];
            else Await(-count, PollEvents.Writable, "written");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private string Name => descriptor switch
    {
        Tty.StandardInput => "Standard input",
        Tty.StandardOutput => "Standard output",
        Tty.StandardError => "Standard error",
        _ => $"Standard stream {descriptor}",
    };

    private bool AwaitInput()
    {
        Span<PollEntry> entries = [new(descriptor, PollEvents.Readable)];
        while (!interrupt.IsCancellationRequested)
        {
            if (Poll.Wait(entries, s_look) > 0) return true;
        }

        return false;
    }

    private void Await(int error, PollEvents wanted, string verb)
    {
        if (error == Tty.EPIPE) throw new ReaderGoneException();
        if (error == Tty.EAGAIN) Poll.Wait([new PollEntry(descriptor, wanted)], Timeout.InfiniteTimeSpan);
        else if (error != Tty.EINTR) throw new IOException($"{Name} could not be {verb}: {((Errno)error).Words()} (errno {error}).");
    }
}

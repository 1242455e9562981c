using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>What a key, or a line of a pipe, asks of a command that goes on step by step.</summary>
public enum StepKey
{
    /// <summary>One step on: Space or Enter; a line of a pipe.</summary>
    Next,

    /// <summary>An end: q.</summary>
    Quit,

    /// <summary>There is nothing more to read: the rest runs freely.</summary>
    Ended,
}

/// <summary>Reads keys for a command that does not take the screen: from a terminal each by itself, from a pipe a line each. The terminal is as it was afterwards.</summary>
public sealed class KeyReader : IDisposable
{
    private readonly Stream _input;
    private readonly TtySettings? _found;
    private readonly TerminalGuard? _guard;
    private readonly PosixSignalRegistration? _continued;
    private readonly ConcurrentQueue<StepKey> _keys = new();
    private readonly AutoResetEvent _came = new(false);

    /// <summary>Begins to read.</summary>
    /// <param name="input">Standard input, or what stands for it.</param>
    /// <param name="isTerminal">Whether it is the terminal.</param>
    public KeyReader(Stream input, bool isTerminal)
    {
        _input = input;
        if (isTerminal && Tty.TryGetSettings(Tty.StandardInput, out var found))
        {
            // The guard first, so that no end of this process leaves the terminal without its echo.
            _guard = TerminalGuard.Start(Tty.StandardInput, found, []);
            _guard?.Say("in\n"u8);
            _found = found;
            TakeKeys();
            // A shell gives the terminal its own settings while the job is stopped.
#pragma warning disable CA1416 // The platform is Linux.
            _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => TakeKeys());
#pragma warning restore CA1416
        }

        new Thread(Read) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Whether keys come one by one.</summary>
    public bool IsTerminal => _found is not null;

    /// <summary>Signalled when a key has come.</summary>
    public WaitHandle Came => _came;

    /// <summary>The next key.</summary>
    public bool TryTake(out StepKey key) => _keys.TryDequeue(out key);

    /// <summary>Gives the terminal back as it was.</summary>
    public void Dispose()
    {
        _continued?.Dispose();
        if (_found is { } found)
            Tty.TrySetSettings(Tty.StandardInput, found, TtyChange.Now);
        _guard?.Say("out\n"u8);
        _guard?.Dispose();
    }

    private void TakeKeys() => Tty.TrySetSettings(Tty.StandardInput, _found!.Value.ToKeys(), TtyChange.Now);

    private void Read()
    {
        var buffer = new byte[256];
        bool inLine = false, quits = false;
        try
        {
            while (_input.Read(buffer) is > 0 and var count)
            {
                foreach (byte value in buffer.AsSpan(0, count))
                {
                    if (IsTerminal)
                        Take(value is (byte)' ' or (byte)'\n' or (byte)'\r' ? StepKey.Next : value is (byte)'q' ? StepKey.Quit : null);
                    else if (value == (byte)'\n')
                        (inLine, quits) = EndLine(quits);
                    else
                        (inLine, quits) = (true, value == (byte)'q' && (!inLine || quits));
                }
            }

            if (inLine)
                EndLine(quits);
        }
        catch (IOException)
        {
            // A terminal that hung up has no more keys, as a pipe that ended.
        }

        Take(StepKey.Ended);
    }

    private (bool InLine, bool Quits) EndLine(bool quits)
    {
        Take(quits ? StepKey.Quit : StepKey.Next);
        return (false, false);
    }

    private void Take(StepKey? key)
    {
        if (key is not { } taken)
            return;
        _keys.Enqueue(taken);
        _came.Set();
    }
}

using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>Waits for keys, signals and other threads, and hands them over one event at a time. For one reading thread.</summary>
public sealed class TerminalInput
{
    private readonly TerminalSession _session;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly KeyDecoder _decoder = new();
    private readonly Queue<TerminalEvent> _events = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private int _awake;
    private int _woken;
    private int _resized;
    private int _repaint;
    private int _exitCode;

    internal TerminalInput(TerminalSession session, TimeProvider clock)
    {
        (_session, _clock, _origin) = (session, clock, clock.GetTimestamp());
        Tty.OpenPipe(out _wakeReader, out _wakeWriter);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>Waits for the next event.</summary>
    /// <param name="timeout">At most this long; negative for ever.</param>
    /// <returns>The event, or null when the time was over. Once it is an <see cref="EndEvent"/>, it is one for ever.</returns>
    /// <exception cref="IOException">The kernel refused to wait.</exception>
    public TerminalEvent? Next(TimeSpan timeout)
    {
        TimeSpan until = Now + timeout;
        while (true)
        {
            if (Pending() is { } pending) return pending;
            TimeSpan now = Now;
            TimeSpan wait = timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : until > now ? until - now : TimeSpan.Zero;
            if (_decoder.Deadline is { } deadline)
            {
                TimeSpan left = deadline > now ? deadline - now : TimeSpan.Zero;
                if (wait < TimeSpan.Zero || left < wait) wait = left;
            }

            Collect(wait);
            _decoder.Expire(Now, _events);
            if (timeout >= TimeSpan.Zero && Now >= until) return Pending();
        }
    }

    /// <summary>Makes <see cref="Next"/> return a <see cref="WakeEvent"/>. From any thread; many calls may become one event.</summary>
    public void Wake()
    {
        Volatile.Write(ref _woken, 1);
        Stir();
    }

    internal void PostResize()
    {
        Volatile.Write(ref _resized, 1);
        Stir();
    }

    internal void PostRepaint()
    {
        Volatile.Write(ref _repaint, 1);
        Stir();
    }

    internal void PostEnd(int exitCode)
    {
        Interlocked.CompareExchange(ref _exitCode, exitCode, 0);
        Stir();
    }

    private void Stir()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0) _ = Tty.Write((int)_wakeWriter.DangerousGetHandle(), "!"u8);
    }

    private TerminalEvent? Pending()
    {
        if (Volatile.Read(ref _exitCode) is not 0 and int code) return new EndEvent(code);
        if (Interlocked.Exchange(ref _repaint, 0) != 0)
        {
            Volatile.Write(ref _resized, 0);
            return new RepaintEvent(_session.Size);
        }

        if (Interlocked.Exchange(ref _resized, 0) != 0) return new ResizeEvent(_session.Size);
        if (_events.TryDequeue(out TerminalEvent? next)) return next;
        return Interlocked.Exchange(ref _woken, 0) != 0 ? WakeEvent.Instance : null;
    }

    private void Collect(TimeSpan wait)
    {
        // While an editor has the terminal its keys are not ours.
        Span<PollEntry> entries =
        [
            new PollEntry((int)_wakeReader.DangerousGetHandle(), PollEvents.Readable),
            new PollEntry(_session.IsActive ? Tty.StandardInput : -1, PollEvents.Readable),
        ];
        if (Poll.Wait(entries, wait) == 0) return;
        if (entries[0].Came != PollEvents.None)
        {
            _ = Tty.Read(entries[0].Descriptor, _buffer);
            Volatile.Write(ref _awake, 0);
        }

        if (entries[1].Came == PollEvents.None || !_session.IsActive) return;
        int count = Tty.Read(Tty.StandardInput, _buffer);
        if (count > 0) _decoder.Decode(_buffer.AsSpan(0, count), Now, _events);
        else if (count is not (-Tty.EINTR or -Tty.EAGAIN)) PostEnd(128 + ProcessSignals.SIGHUP);
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>glibc's <c>struct termios</c> (60 bytes on x64 and arm64): how the kernel's line discipline treats a terminal.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TtySettings : IEquatable<TtySettings>
{
    // bits/termios-c_iflag.h, c_cflag.h, c_lflag.h, in octal there.
    private const uint BRKINT = 0x0002, PARMRK = 0x0008, ISTRIP = 0x0020, INLCR = 0x0040, IGNCR = 0x0080, ICRNL = 0x0100, IXON = 0x0400;
    private const uint CSIZE = 0x0030, CS8 = 0x0030, PARENB = 0x0100;
    private const uint ISIG = 0x0001, ICANON = 0x0002, ECHO = 0x0008, ECHONL = 0x0040, IEXTEN = 0x8000;
    private const int VTIME = 5, VMIN = 6;

    private uint _input;
    private uint _output;
    private uint _control;
    private uint _local;
    private byte _lineDiscipline;
    private ControlCharacters _characters;
    private uint _inputSpeed;
    private uint _outputSpeed;

    [InlineArray(32)]
    private struct ControlCharacters
    {
        private byte _first;
    }

    /// <summary>Whether Ctrl+C, Ctrl+Z and Ctrl+\ raise signals (ISIG).</summary>
    public readonly bool RaisesSignals => (_local & ISIG) != 0;

    /// <summary>Whether what is typed is shown by the kernel (ECHO).</summary>
    public readonly bool Echoes => (_local & ECHO) != 0;

    /// <summary>The same terminal with every key handed over as it comes and not shown; Ctrl+C and Ctrl+Z raise their signals still.</summary>
    public readonly TtySettings ToKeys()
    {
        TtySettings keys = this;
        keys._local &= ~(ICANON | ECHO | ECHONL);
        keys._characters[VMIN] = 1;
        keys._characters[VTIME] = 0;
        return keys;
    }

    /// <summary>
    /// The same terminal with every key handed over as it comes: no lines, no echo, no signals, eight bits. Output
    /// processing (OPOST) stays, so that a stray newline still returns the carriage.
    /// </summary>
    /// <returns>The raw settings.</returns>
    public readonly TtySettings ToRaw()
    {
        TtySettings raw = this;
        raw._input &= ~(BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
        raw._control = (raw._control & ~(CSIZE | PARENB)) | CS8;
        raw._local &= ~(ISIG | ICANON | ECHO | ECHONL | IEXTEN);
        raw._characters[VMIN] = 1;
        raw._characters[VTIME] = 0;
        return raw;
    }

    /// <summary>The settings as <c>stty -g</c> prints them and <c>stty</c> takes them back: hexadecimal, colon-separated.</summary>
    /// <returns>Four flag words and 32 control characters.</returns>
    public readonly string ToSttyText()
    {
        string[] words = new string[4 + 32];
        words[0] = Hexadecimal(_input);
        words[1] = Hexadecimal(_output);
        words[2] = Hexadecimal(_control);
        words[3] = Hexadecimal(_local);
        for (int i = 0; i < 32; i++) words[4 + i] = Hexadecimal(_characters[i]);
        return string.Join(':', words);

        static string Hexadecimal(uint word) => word.ToString("x", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public readonly bool Equals(TtySettings other) =>
        _input == other._input && _output == other._output && _control == other._control && _local == other._local
        && _lineDiscipline == other._lineDiscipline && _inputSpeed == other._inputSpeed && _outputSpeed == other._outputSpeed
        && ((ReadOnlySpan<byte>)_characters).SequenceEqual(other._characters);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TtySettings other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(_input, _output, _control, _local);

    /// <summary>Whether both treat the terminal alike.</summary>
    public static bool operator ==(TtySettings left, TtySettings right) => left.Equals(right);

    /// <summary>Whether they differ in anything.</summary>
    public static bool operator !=(TtySettings left, TtySettings right) => !left.Equals(right);
}

/// <summary>When new settings take effect (tcsetattr(3)).</summary>
public enum TtyChange
{
    /// <summary>At once (TCSANOW).</summary>
    Now = 0,

    /// <summary>When what was written has gone out (TCSADRAIN).</summary>
    AfterOutput = 1,

    /// <summary>When what was written has gone out, and what was typed and not read is thrown away (TCSAFLUSH).</summary>
    AfterOutputDropInput = 2,
}

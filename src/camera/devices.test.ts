import { describe, expect, it } from 'vitest';
import { idOf, isUsual, optionsOf } from './devices.ts';

const camera = (label: string, deviceId: string) =>
  ({ kind: 'videoinput', label, deviceId }) as MediaDeviceInfo;
const microphone = { kind: 'audioinput', label: 'Microphone', deviceId: 'm' } as MediaDeviceInfo;
const choice = (label: string | null, nth = 0) => ({ label, nth, rotation: 0 as const });

describe('isUsual', () => {
  it.each([
    'Integrated IR Camera (0bda:5767)',
    'Windows Hello Face Software Device',
    'Intel(R) RealSense(TM) Depth Camera 435',
    'Surface Camera Front Infrared',
    '적외선 카메라',
    'OBS Virtual Camera',
    'Dummy video device (0x0000)',
    'DroidCam Source 3',
    'Unity Video Capture Virtual',
  ])('is false for %s', (label) => expect(isUsual(label)).toBe(false));

  it.each([
    'HD Pro Webcam C920 (046d:082d)',
    'USB2.0 HD UVC WebCam',
    'fake_device_0',
    'Mirror Cam',
    'FaceTime HD Camera',
    'Logitech StreamCam',
  ])('is true for %s', (label) => expect(isUsual(label)).toBe(true));
});

describe('idOf', () => {
  const devices = [
    microphone,
    camera('Integrated IR Camera', 'ir'),
    camera('OBS Virtual Camera', 'obs'),
    camera('Webcam', 'a'),
    camera('Webcam', 'b'),
  ];

  it('never takes an infrared or virtual camera by itself', () => {
    expect(idOf(devices, choice(null))).toBe('a');
    expect(idOf(devices.slice(0, 3), choice(null))).toBeUndefined();
  });

  it('finds the chosen one by its name whatever its id is after a restart', () => {
    expect(idOf(devices, choice('Webcam', 1))).toBe('b');
    const later = devices.map((one) => ({ ...one, deviceId: `new-${one.deviceId}` }) as MediaDeviceInfo);
    expect(idOf(later, choice('Webcam', 1))).toBe('new-b');
  });

  it('takes an infrared one that staff chose', () => {
    expect(idOf(devices, choice('Integrated IR Camera'))).toBe('ir');
  });

  it('takes the other of that name where one of two is gone, else a camera for faces', () => {
    expect(idOf(devices.slice(0, 4), choice('Webcam', 1))).toBe('a');
    expect(idOf(devices, choice('Gone'))).toBe('a');
  });

  it('leaves it to the browser while names are hidden', () => {
    expect(idOf([camera('', ''), camera('', 'x')], choice('Webcam'))).toBeUndefined();
  });
});

describe('optionsOf', () => {
  it('numbers cameras of one name', () => {
    const two = [camera('Webcam', 'a'), camera('Other', 'o'), camera('Webcam', 'b')];
    expect(optionsOf(two).map(({ label, nth }) => [label, nth])).toEqual([
      ['Webcam', 0],
      ['Other', 0],
      ['Webcam', 1],
    ]);
  });
});

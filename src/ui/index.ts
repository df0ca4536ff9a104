import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './components/components.css';
import './mirror/mirror.css';

export { Button } from './components/Button.tsx';
export { Choice } from './components/Choice.tsx';
export { ConsentTerms } from './components/ConsentTerms.tsx';
export { Dialog } from './components/Dialog.tsx';
export { TextField, Tick } from './components/Field.tsx';
export { Icon, type IconName } from './components/Icon.tsx';
export { LanguageButton } from './components/LanguageButton.tsx';
export { LanguageSwitch } from './components/LanguageSwitch.tsx';
export { Progress } from './components/Progress.tsx';
export { Wordmark } from './components/Wordmark.tsx';
export { HintDrawing } from './hints/HintDrawing.tsx';
export { Mirror, type MirrorFrame, type MirrorTone } from './mirror/Mirror.tsx';

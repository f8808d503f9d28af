import { longestImport, mostImportedItems } from '#shared/contracts/item-banks.ts';
import { t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ImportForm } from '../../../ui/import/import-form.tsx';
import { saveFile } from '../../teaching/save-file.ts';

interface Props {
  readonly content: string;
  readonly onChange: (content: string) => void;
  readonly onCheck: () => Promise<void>;
}

const sample = `external_id,kind,body,option_1,option_2,option_3,option_4,key,explanation,model,a,b,c,status,subject,module,tags
py-1,choice,"What does \`len(""abc"")\` give?",2,3,4,an error,2,"\`len\` counts the characters.",3PL,1.1,-1.4,0.25,live,Python,Strings,len
py-2,multi,Which of these are whole numbers?,7,2.5,-3,1/3,1;3,,,,,,draft,Python,Numbers,int;float
py-3,numeric,"What is $3/4$ in decimals?",,,,,0.75±0.001,,2PL,0.9,-0.5,,live,Mathematics,Fractions,
py-4,text,Which word begins a function in Python?,,,,,def,,,,,,draft,Python,Functions,
`;

/** A file, or its pasted content. */
export const ImportSource = ({ content, onChange, onCheck }: Props) => (
  <ImportForm
    words={{
      title: t('importItems.choose'),
      fileHint: t('importItems.fileHint', { most: mostImportedItems }),
      paste: t('importItems.paste'),
      pasteHint: t('importItems.pasteHint'),
      missing: t('importItems.missing'),
    }}
    text={content}
    longest={longestImport}
    field="content"
    accept=",.json,application/json"
    onChange={onChange}
    onCheck={onCheck}
  >
    <details class="disclosure">
      <summary>
        <Icon name="chevron" size={16} />
        {t('importItems.columns')}
      </summary>
      <div class="stack">
        <p class="small">{t('importItems.columnsText')}</p>
        <div>
          <Button
            size="small"
            icon="download"
            onClick={() =>
              saveFile('items.csv', new Blob([`\uFEFF${sample}`], { type: 'text/csv;charset=utf-8' }))
            }
          >
            {t('importItems.sample')}
          </Button>
        </div>
      </div>
    </details>
  </ImportForm>
);
